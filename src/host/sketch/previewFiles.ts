// The last question of New Secure Sketch…: which files will be made. Each can be looked at first; nothing is written yet.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import type { PlannedFile } from '../../core/firmware/sketchPlan';

const SCHEME = 'secure-iot-preview';

interface Row extends vscode.QuickPickItem {
  readonly file?: PlannedFile;
}

/** Resolves when the person says yes. Throws CancelledError where they leave. */
export async function confirmFiles(project: string, files: readonly PlannedFile[]): Promise<void> {
  const texts = new Map(files.map((file) => [`/${project}/${file.path}`, shownText(file)]));
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
  const create: Row = { label: '$(check) Create these files', description: project };
  const look: Row = { label: 'Look at a file first', kind: vscode.QuickPickItemKind.Separator };
  const rows = [create, look, ...files.map(fileRow)];
  const title = `New Secure Sketch: ${files.length} files for ${project}`;
  const placeHolder = 'Enter creates the project; choose a file to see what will be in it';
  try {
    for (;;) {
      const chosen = await vscode.window.showQuickPick(rows, { title, placeHolder, ignoreFocusOut: true });
      if (!chosen) throw new CancelledError();
      if (!chosen.file) return;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${project}/${chosen.file.path}` });
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }
  } finally {
    await closePreviews();
    provider.dispose();
  }
}

function fileRow(file: PlannedFile): Row {
  const size = `${new TextEncoder().encode(file.text).length} bytes`;
  return {
    label: `$(file) ${file.path}`,
    description: file.secret ? `${size}, secret: git ignores it` : size,
    file,
  };
}

function shownText(file: PlannedFile): string {
  if (!file.secret) return file.text;
  return `${file.path} holds secrets, so it is not shown here.\nIt will be readable by you alone, and .gitignore names it.\n`;
}

async function closePreviews(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const ours = tabs.filter(({ input }) => (input as { uri?: vscode.Uri } | undefined)?.uri?.scheme === SCHEME);
  await vscode.window.tabGroups.close(ours, true);
}
