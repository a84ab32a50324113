// The last question of New Secure Sketch…: which files will be made. Each can be looked at first; nothing is written yet.
import * as vscode from 'vscode';
import type { PlannedFile } from '../../core/firmware/sketchPlan';
import type { PreparedSketch } from '../../io/sketch/sketchProject';
import { BACK, type Step } from './guidedFlow';
import { pick } from './prompts';

const SCHEME = 'secure-iot-preview';

/** The answer of the row that creates the project. */
const CREATE = '';
/** No path begins so. */
const NOTE = '/';

/** Resolves to '' when the person says yes. Throws CancelledError where they leave. */
export async function confirmFiles(
  step: Step,
  project: string,
  { plan: { files }, warnings }: Pick<PreparedSketch, 'plan' | 'warnings'>,
): Promise<string | typeof BACK> {
  const texts = new Map(files.map((file) => [`/${project}/${file.path}`, shownText(file)]));
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
  const create = { label: '$(check) Create these files', description: project, value: CREATE };
  const look = { label: 'Look at a file first', kind: vscode.QuickPickItemKind.Separator };
  const another = { label: '$(list-unordered) Look at another file', value: 'another' };
  // Rows cut long texts off: chosen, a note is shown whole.
  const notes = warnings.map((warning) => ({ label: '$(warning) Before you do', detail: warning, value: NOTE }));
  const list = [create, ...notes, look, ...files.map(fileRow)];
  try {
    for (;;) {
      const what = `${files.length} files for ${project}`;
      const path = await pick(step, what, list, 'Enter creates the project; choose a file to see what will be in it');
      if (path === CREATE || path === BACK) return path;
      if (path === NOTE) await vscode.window.showWarningMessage(warnings.join('\n\n'), { modal: true });
      if (path === NOTE) continue;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${project}/${path}` });
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
      // Two rows only: a long list would stand over the file.
      const next = await pick(step, `preview of ${path}`, [create, another], 'Not written yet');
      if (next === CREATE) return next;
    }
  } finally {
    await closePreviews();
    provider.dispose();
  }
}

function fileRow({ path, text, secret }: PlannedFile) {
  const size = `${new TextEncoder().encode(text).length} bytes`;
  return {
    label: `$(file) ${path}`,
    description: secret ? `${size}, secret: git ignores it` : size,
    value: path,
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
