// The password of the local broker's user: in VS Code's secret storage, by workspace and user; asked for where missing.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';

export async function brokerPassword(
  secrets: vscode.SecretStorage,
  workspace: vscode.WorkspaceFolder,
  user: string,
): Promise<string> {
  const name = `secureIot.brokerPassword.${workspace.uri.toString()}.${user}`;
  const known = await secrets.get(name);
  if (known !== undefined) return known;
  const password = await vscode.window.showInputBox({
    title: `Local TLS broker: password of "${user}"`,
    prompt: 'Boards log in with it. It is kept in the secret storage of VS Code.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? 'An empty password would let everybody in.' : undefined),
  });
  if (!password) throw new CancelledError();
  await secrets.store(name, password);
  return password;
}
