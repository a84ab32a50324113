// Asks where a file goes, and writes it there.
import * as vscode from 'vscode';
import { UserError } from '../core/errors';

/** Returns where it went; undefined when nobody chose a place. `name` is proposed, in the workspace's folder. */
export async function saveFile(name: string, bytes: Uint8Array): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!target) return undefined;
  try {
    await vscode.workspace.fs.writeFile(target, bytes);
  } catch (error) {
    throw new UserError(
      'not-written',
      `${target.fsPath} could not be written: ${String(error)}. Choose another place.`,
    );
  }
  return target;
}
