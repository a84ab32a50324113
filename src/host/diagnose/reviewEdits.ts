// Edits shown before they are made: every file as it is beside as it will be, and one question. VS Code's own refactor
// preview would do, but it ticks nothing that wants a confirmation, and its Apply then makes nothing.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { applyEdits } from '../../core/diagnose/applyEdits';
import { secretFiles } from '../../core/diagnose/clientCertificateEdits';
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import type { FileEdit } from '../../core/diagnose/verdict';
import { CancelledError } from '../../core/errors';

const SCHEME = 'secure-iot-change';
const HIDDEN =
  'This file gets a private key, so it is not shown here.\nIt stays on this machine: .gitignore names it.\n';

/** Resolves when the person says yes to the change called `title`; rejects with CancelledError where they leave. */
export async function reviewEdits(
  folder: string,
  files: readonly SourceFile[],
  edits: readonly FileEdit[],
  title: string,
): Promise<void> {
  const secrets = secretFiles(edits);
  // VS Code keeps a text that it has shown for a while: each review has places of its own.
  const query = String(Date.now());
  const changed = (file: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${file}`, query });
  const after = new Map(
    applyEdits(files, edits).map(({ path: file, text }) => [
      changed(file).toString(),
      secrets.includes(file) ? HIDDEN : text,
    ]),
  );
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => after.get(uri.toString()) ?? '',
  });
  const names = [...new Set(edits.map(({ file }) => file))];
  const added = new Set(edits.filter(({ create }) => create).map(({ file }) => file));
  const rows = names.map((name) => {
    const there = vscode.Uri.file(path.join(folder, name));
    return [there, added.has(name) ? undefined : there, changed(name)];
  });
  try {
    await vscode.commands.executeCommand('vscode.changes', title, rows);
    const make = {
      label: `$(check) ${names.length === 1 ? 'Make this change' : 'Make these changes'}`,
      detail: [...names, ...(secrets.length > 0 ? ['.gitignore'] : [])].join(', '),
    };
    const leave = { label: '$(discard) Leave everything as it is' };
    const choice = await vscode.window.showQuickPick([make, leave], {
      title: `${title}: review`,
      placeHolder: 'Nothing is written yet; what will change stands below',
      ignoreFocusOut: true,
    });
    if (choice !== make) throw new CancelledError();
  } finally {
    await closeTabs(title);
    provider.dispose();
  }
}

/** VS Code puts the number of files behind the title. */
async function closeTabs(title: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter(({ label }) => label.startsWith(title)),
    true,
  );
}
