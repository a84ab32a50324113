// The last question of New Secure Sketch…: which files will be made. Each can be looked at first; nothing is written yet.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import type { PlannedFile } from '../../core/firmware/sketchPlan';

const SCHEME = 'secure-iot-preview';

interface Row extends vscode.QuickPickItem {
  readonly file?: PlannedFile;
  readonly another?: true;
}

/** Resolves when the person says yes. Throws CancelledError where they leave. */
export async function confirmFiles(project: string, files: readonly PlannedFile[]): Promise<void> {
  const texts = new Map(files.map((file) => [`/${project}/${file.path}`, shownText(file)]));
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
  const create: Row = { label: '$(check) Create these files', description: project };
  const look: Row = { label: 'Look at a file first', kind: vscode.QuickPickItemKind.Separator };
  const another: Row = { label: '$(list-unordered) Look at another file', another: true };
  const list = [create, look, ...files.map(fileRow)];
  const ask = async (rows: readonly Row[], title: string, placeHolder: string): Promise<Row> => {
    const chosen = await vscode.window.showQuickPick(rows, { title, placeHolder, ignoreFocusOut: true });
    if (!chosen) throw new CancelledError();
    return chosen;
  };
  try {
    for (;;) {
      const title = `New Secure Sketch: ${files.length} files for ${project}`;
      const { file } = await ask(list, title, 'Enter creates the project; choose a file to see what will be in it');
      if (!file) return;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${project}/${file.path}` });
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
      // Two rows only: a long list would stand over the file.
      const next = await ask([create, another], `New Secure Sketch: preview of ${file.path}`, 'Not written yet');
      if (!next.another) return;
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
