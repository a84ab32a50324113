// Keeps a file that may hold secrets out of git, where it is put into a workspace.
import * as path from 'node:path';
import * as vscode from 'vscode';

/**
 * Before the file is written. `more`: endings of files that come beside it, as patterns of .gitignore. False outside of the
 * workspace, where no .gitignore is ours to change. Throws UserError `file-write`.
 */
export async function ignoreInWorkspace(file: string, more: readonly string[] = []): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (folder?.uri.scheme !== 'file') return false;
  const { keepOutOfGit } = await import('../io/files/keepOutOfGit');
  for (const ending of ['', ...more]) await keepOutOfGit(path.dirname(file), path.basename(file), ending);
  return true;
}
