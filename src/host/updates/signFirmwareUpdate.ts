// Sign Firmware Update…: a build of the workspace becomes a file that boards of the template "rotation-ota" take.
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { findInWorkspace } from '../boards/pickFirmware';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { runCommand } from '../commands';
import { pickUpdateFile } from './pickUpdateFile';

export interface SignUpdateOptions {
  /** The program's image, absolute; not asked for then. */
  readonly image?: string;
}

const TITLE = 'Sign Firmware Update';

/** Resolves to the signed file, which stands beside the image and has the version in its name. */
export async function signFirmwareUpdate(options: SignUpdateOptions): Promise<string> {
  const certificates = certificatesFolder().path;
  const image = options.image ?? (await pickImage());
  const { signUpdate } = await import('../../io/sketch/signUpdate');
  const name = image.replace(/\.bin$/i, '');
  const { path, version } = await signUpdate(image, certificates, (number) => `${name}-${number}.signed`).catch(
    already,
  );
  void tellSigned(path, version);
  return path;
}

/** Boards take no version twice. */
function already(error: unknown): never {
  if (!(error instanceof UserError && error.code === 'file-exists')) throw error;
  throw new UserError(
    'update-signed-already',
    `${error.message} This version is signed already: send that file, or raise FIRMWARE_VERSION in config.h and build again.`,
    { title: 'Send to a Board…', command: 'secureIot.sendUpdate' },
    { cause: error },
  );
}

async function pickImage(): Promise<string> {
  const builds = await findInWorkspace();
  const found = builds.flatMap(({ program, kind, builtMs }) =>
    program ? [{ path: program, description: kind, madeMs: builtMs }] : [],
  );
  return pickUpdateFile(
    `${TITLE}: which build?`,
    found,
    'bin',
    'No build found in this workspace. Build the project first.',
  );
}

async function tellSigned(path: string, version: number): Promise<void> {
  const send = 'Send to a Board…';
  const text = `Firmware version ${version} is signed: ${vscode.workspace.asRelativePath(path)}. Boards with an older version take it.`;
  const choice = await vscode.window.showInformationMessage(text, send);
  if (choice === send) await runCommand('secureIot.sendUpdate', { file: path });
}
