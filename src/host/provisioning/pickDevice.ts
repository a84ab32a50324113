// Which device a board becomes: one of the certificates folder, or a new one.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { runCommand } from '../commands';

export async function pickDevice(folder: string): Promise<string> {
  const { listDevices } = await import('../../io/pki/identityFiles');
  const devices = await listDevices(folder);
  if (devices.length === 0)
    throw new UserError('no-device', `There is no device certificate with its key in ${folder}. Make one first.`, {
      title: 'Generate Certificates…',
      command: 'secureIot.generateCertificates',
    });
  const another = '$(add) New Device…';
  const chosen = await vscode.window.showQuickPick([...devices, another], {
    title: 'Provision Device',
    placeHolder: 'The device that the board becomes',
    ignoreFocusOut: true,
  });
  if (chosen === undefined) throw new CancelledError();
  if (chosen !== another) return chosen;
  await runCommand('secureIot.generateCertificates');
  const [made] = (await listDevices(folder)).filter((device) => !devices.includes(device));
  if (made === undefined) throw new CancelledError(); // not made: that command told why
  return made;
}
