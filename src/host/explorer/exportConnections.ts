// Export Connections…: profiles as a file for colleagues. Passwords and passphrases are not in it, because profiles have none.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { addressOf, LOCAL_PROFILE } from '../../core/mqtt/connectionProfile';
import { sharedConnections } from '../../core/mqtt/sharedConnections';
import { saveFile } from '../saveFile';
import type { ProfileStore } from './profileStore';

/** Returns how many and where to. Throws UserError `no-connections`, or CancelledError. */
export async function exportConnections(
  profiles: ProfileStore,
): Promise<{ readonly count: number; readonly file: vscode.Uri }> {
  // The local one is made anew in every workspace, from its own broker and certificates.
  const rows = profiles
    .all()
    .filter(({ id }) => id !== LOCAL_PROFILE)
    .map((profile) => ({ label: profile.name, description: addressOf(profile), picked: true, profile }));
  if (rows.length === 0)
    throw new UserError(
      'no-connections',
      'There is no saved connection to export. Save one in the MQTT Explorer first.',
    );
  const title = 'Export Connections: without their passwords';
  const picked = await vscode.window.showQuickPick(rows, { title, canPickMany: true, matchOnDescription: true });
  if (!picked || picked.length === 0) throw new CancelledError();
  const text = sharedConnections(picked.map(({ profile }) => profile));
  const file = await saveFile('mqtt-connections.json', new TextEncoder().encode(text));
  if (!file) throw new CancelledError();
  return { count: picked.length, file };
}
