// A fix's edits as one undoable WorkspaceEdit, saved. Refuses when a file is not what the diagnosis read.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { secretFiles } from '../../core/diagnose/clientCertificateEdits';
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import type { FileEdit } from '../../core/diagnose/verdict';
import { UserError } from '../../core/errors';
import { readIfThere } from '../../io/files/readIfThere';
import { reviewEdits } from './reviewEdits';

/** Returns the paths written, relative to `folder`. With `review` the edits are shown first, under that title. */
export async function writeEdits(
  folder: string,
  files: readonly SourceFile[],
  edits: readonly FileEdit[],
  review?: string,
): Promise<string[]> {
  if (review !== undefined) {
    await changeOf(folder, files, edits); // what cannot be made is not shown
    await reviewEdits(folder, files, edits, review);
  }
  const change = await changeOf(folder, files, edits);
  const paths = [...new Set(edits.map(({ file }) => file))];
  if (!(await vscode.workspace.applyEdit(change)))
    throw new UserError('not-written', `VS Code did not change ${paths.join(', ')}. Are the files read-only?`);
  for (const file of paths) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, file)));
    if (document.isDirty && !(await document.save())) {
      throw new UserError('not-saved', `${file} was changed but could not be saved. Save it, then build.`);
    }
  }
  return paths;
}

async function changeOf(
  folder: string,
  files: readonly SourceFile[],
  edits: readonly FileEdit[],
): Promise<vscode.WorkspaceEdit> {
  const change = new vscode.WorkspaceEdit();
  for (const secret of secretFiles(edits)) await ignoreInGit(folder, secret, change);
  for (const edit of edits) {
    const uri = vscode.Uri.file(path.join(folder, edit.file));
    if (edit.create) {
      change.createFile(uri, { ignoreIfExists: false, contents: new TextEncoder().encode(edit.newText) });
      continue;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const known = files.find((file) => file.path === edit.file)?.text ?? '';
    if (lines(document.getText()).join('\n') !== lines(known).join('\n')) {
      throw new UserError('file-changed', `${edit.file} has changed since it was read. Save it, and try again.`);
    }
    change.replace(uri, new vscode.Range(positionIn(known, edit.start), positionIn(known, edit.end)), edit.newText);
  }
  return change;
}

/** VS Code gives every line of a file the same end, whatever is on the disk: places are counted in lines. */
function positionIn(text: string, offset: number): vscode.Position {
  const before = lines(text.slice(0, offset));
  return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

function lines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** A file that gets a private key is ignored before the key is in it. A sketch's own source cannot be. */
async function ignoreInGit(folder: string, file: string, change: vscode.WorkspaceEdit): Promise<void> {
  if (/\.(ino|c|cpp)$/i.test(file)) return;
  const ignore = path.join(folder, '.gitignore');
  const name = path.posix.basename(file);
  const text = await readIfThere(ignore, 'write');
  if (text?.split(/\r?\n/).some((line) => line.trim().replace(/^\//, '') === name)) return;
  const uri = vscode.Uri.file(ignore);
  if (text === undefined) {
    change.createFile(uri, { ignoreIfExists: true, contents: new TextEncoder().encode(`${name}\n`) });
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const end = document.positionAt(document.getText().length);
  change.insert(uri, end, `${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`);
}
