// Secure This Sketch…: a plain MQTT sketch gets TLS and its device's identity, as edits shown before they are made.
import { chmod } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { pick } from '../certificates/certificateChoice';
import { readSetting, runCommand } from '../commands';
import { type ChosenProject, chooseProject } from '../diagnose/chooseProject';
import { writeEdits } from '../diagnose/writeEdits';
import { requireDevices } from './requireDevices';

const DIAGNOSE = 'Diagnose Connection';

/** `review: false` makes the edits at once; for tests and for who asks for it. */
export interface SecureSketchOptions {
  readonly folder?: string;
  readonly device?: string;
  readonly review?: boolean;
}

export async function secureThisSketch(options: SecureSketchOptions): Promise<void> {
  const { listDevices } = await import('../../io/pki/identityFiles');
  const { isSecureAlready, prepareSecureProject } = await import('../../io/sketch/secureProject');
  const project = await chooseProject(options.folder, 'Secure This Sketch', {
    isDone: isSecureAlready,
    all: 'Every sketch of this workspace uses TLS already. Run Diagnose Connection… to check one.',
  });
  const { secretFiles } = await import('../../core/diagnose/clientCertificateEdits');
  const folder = readSetting('secureIot.certificates.folder', project.workspace);
  const certificates = path.resolve(project.workspace.uri.fsPath, folder);
  const device = options.device ?? (await chooseDevice(await listDevices(certificates), certificates));
  const { files, edits, notes } = await prepareSecureProject(project.folder, certificates, device, Date.now());
  const label = options.review === false ? undefined : 'Secure This Sketch';
  await writeEdits(project.folder, files, edits, label);
  for (const secret of secretFiles(edits)) await chmod(path.join(project.folder, secret), 0o600);
  void tellNext(project, notes);
}

/** With a button the notification shows what is left to do whole, not its first line. */
async function tellNext({ name, folder }: ChosenProject, notes: readonly string[]): Promise<void> {
  const text = `${name} uses mutual TLS now. ${notes.join(' ')}`;
  if ((await vscode.window.showInformationMessage(text, DIAGNOSE)) !== DIAGNOSE) return;
  await runCommand('secureIot.diagnoseConnection', { folder });
}

async function chooseDevice(devices: readonly string[], certificates: string): Promise<string> {
  const rows = requireDevices(devices, vscode.workspace.asRelativePath(certificates)).map((label) => ({ label }));
  return (await pick('Secure This Sketch: device', rows)).label;
}
