// Asks for the keys of an encrypted NVS where the board does not hold them itself.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';

/** `read` with the keys of a file that the person chooses, where it fails without. */
export async function withNvsKeys<T>(read: (nvsKeys: Uint8Array | undefined) => Promise<T>): Promise<T> {
  try {
    return await read(undefined);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'nvs-encrypted') throw error;
    return read(await chooseKeys(error.message));
  }
}

async function chooseKeys(why: string): Promise<Uint8Array> {
  const choose = 'Choose Key File…';
  if ((await vscode.window.showWarningMessage(why, choose)) !== choose) throw new CancelledError();
  const filters = { 'Image of an nvs_keys partition': ['bin'], 'All files': ['*'] };
  const [file] = (await vscode.window.showOpenDialog({ title: 'Keys of the encrypted NVS', filters })) ?? [];
  if (!file) throw new CancelledError();
  const { readNvsKeyFile } = await import('../../io/provisioning/nvsFiles');
  return readNvsKeyFile(file.fsPath);
}
