// Does what a verdict proposes: changes the sources, issues the broker's certificate again, or gives the sketch a pair.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { clientCertificateEdits } from '../../core/diagnose/clientCertificateEdits';
import type { ProposedFix } from '../../core/diagnose/verdict';
import { CancelledError, UserError } from '../../core/errors';
import type { DiagnosisResult } from '../../io/diagnose/connectionDiagnosis';
import type { AuthorityPassphrase } from '../certificates/authorityPassphrase';
import { findCertificatesFolder } from '../certificates/certificatesFolder';
import { runCommand } from '../commands';
import type { LocalBrokerView } from './register';
import { writeEdits } from './writeEdits';

export interface FixContext {
  readonly folder: string;
  readonly result: DiagnosisResult;
  readonly passphrases: AuthorityPassphrase;
  readonly localBroker: LocalBrokerView;
  /** From the command's options: no question about a known passphrase or a device name. */
  readonly passphrase?: string;
  readonly device?: string;
}

/** One sentence about what was done. */
export async function applyFix(fix: ProposedFix, context: FixContext): Promise<string> {
  if (fix.confirm) await askToTrust(fix.title, fix.confirm);
  switch (fix.kind) {
    case 'edit': {
      const files = await writeEdits(context.folder, context.result.files, fix.edits);
      return `Changed ${files.join(', ')}.`;
    }
    case 'reissue-broker-certificate':
      return reissueBroker(fix, context);
    case 'add-client-certificate':
      return addClientCertificate(fix, context);
    case 'secure-sketch':
      await runCommand('secureIot.secureSketch', { folder: context.folder });
      return 'Secure This Sketch… went through it.';
    case 'advice':
      return fix.title;
  }
}

async function askToTrust(title: string, detail: string): Promise<void> {
  const trust = 'Trust It';
  const choice = await vscode.window.showWarningMessage(`${title}?`, { modal: true, detail }, trust);
  if (choice !== trust) throw new CancelledError();
}

function storeFolder(): string {
  const folder = findCertificatesFolder();
  if (!folder) throw new UserError('no-folder', 'Open a folder first: the certificates are kept in it.');
  return folder.path;
}

type Reissue = Extract<ProposedFix, { kind: 'reissue-broker-certificate' }>;

/** A new certificate beside the old one, which is never overwritten; the local broker takes the newest when it starts. */
async function reissueBroker(fix: Reissue, context: FixContext): Promise<string> {
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  const { issueBroker } = await import('../../io/pki/issueCertificates');
  const store = openCertificateStore(storeFolder());
  const [leaf] = context.result.broker.chain;
  const names = (leaf?.subjectAltNames ?? [])
    .filter(({ type }) => type === 'dns' || type === 'ip')
    .map(({ value }) => value);
  const issuer = await context.passphrases.unlock(store, context.passphrase);
  const issued = await issueBroker(store, issuer, { hosts: [fix.dns, ...names] });
  const file = path.basename(issued.paths.certificate);
  const { running } = context.localBroker;
  if (running?.port !== context.result.broker.port) {
    return `Issued ${file} with "${fix.dns}" in it. Give it and its key to the broker, and restart that.`;
  }
  await runCommand('secureIot.stopBroker');
  const restarted = { port: running.port, name: file.replace(/\.crt$/, '') };
  await runCommand('secureIot.startBroker', restarted);
  return `Issued ${file} with "${fix.dns}" in it, and restarted the local broker with it.`;
}

type AddPair = Extract<ProposedFix, { kind: 'add-client-certificate' }>;

async function addClientCertificate(fix: AddPair, context: FixContext): Promise<string> {
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  const { issueDevice } = await import('../../io/pki/issueCertificates');
  const store = openCertificateStore(storeFolder());
  const name = context.device ?? (await askDeviceName(context));
  const replacing = context.result.diagnosis.verdict.cause === 'client-certificate-refused';
  const exists = (await store.exists('device', name)) && (await store.hasKey('device', name));
  if (exists && replacing) {
    throw new UserError('device-exists', `"${name}" has a certificate already. Choose another name for the new one.`);
  }
  if (!exists) {
    const issuer = await context.passphrases.unlock(store, context.passphrase);
    await issueDevice(store, issuer, { commonName: name });
  }
  const identity = await store.readDevice(name);
  const { project, files } = context.result;
  const edits = clientCertificateEdits(project, files, identity);
  if (!edits) {
    const { certificate, key } = store.pathsOf('device', name);
    throw new UserError(
      'no-place',
      `The place for the pair was not found in these sources. Put ${certificate} and ${key} in, and hand them to the TLS client.`,
    );
  }
  const written = await writeEdits(context.folder, files, [...edits, ...fix.alsoRemove]);
  return `Put the certificate of "${name}" and its key into ${written.join(', ')}.`;
}

async function askDeviceName({ result, folder }: FixContext): Promise<string> {
  const { identity, clientId } = result.project;
  const answer = await vscode.window.showInputBox({
    title: 'Device certificate',
    prompt: 'Name of the device. An existing certificate of that name is used; else one is issued.',
    value: identity?.device ?? clientId ?? path.basename(folder),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\w.-]{1,64}$/.test(text) ? undefined : 'Letters, digits, dot, dash and underscore, up to 64.',
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}
