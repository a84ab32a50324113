// Asks for the passphrase of a PKCS#12 file where one turns out to be needed, until it opens the file.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';

/** Escape leaves with the error that says that a passphrase is needed. It is kept nowhere. */
export async function withFilePassphrase<T>(file: string, read: (passphrase?: string) => Promise<T>): Promise<T> {
  let passphrase: string | undefined;
  for (;;) {
    try {
      return await read(passphrase);
    } catch (error) {
      const code = error instanceof UserError ? error.code : '';
      if (code !== 'pkcs12-passphrase' && !(code === 'passphrase' && passphrase !== undefined)) throw error;
      const again = code === 'passphrase' ? 'That passphrase does not open the file. Try again.' : undefined;
      const answer = await vscode.window.showInputBox({
        title: `Passphrase of ${path.basename(file)}`,
        prompt: again ?? 'It is used for looking into the file, and kept nowhere.',
        password: true,
        ignoreFocusOut: true,
      });
      if (answer === undefined) throw error;
      passphrase = answer;
    }
  }
}
