// Generate Certificates…: one guided flow from nothing to an authority, a broker and a device. What is there already
// is not asked for again, so a second run issues the next device.
import * as vscode from 'vscode';
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import { parseHostNames } from '../../core/pki/hostNames';
import { proposeAuthorityName, proposeDeviceName } from '../../core/pki/proposals';
import type { Issued } from '../../io/pki/issueCertificates';
import { runCommand } from '../commands';
import type { Log } from '../log';
import { withProgress } from '../progress';
import type { AuthorityPassphrase } from './authorityPassphrase';
import { askNewPassphrase, askText, newPassphrase } from './certificatePrompts';
import { certificatesFolder, issueSettings } from './certificatesFolder';

/** Every answer given here is not asked for. */
export interface GenerateCertificatesOptions {
  readonly caName?: string;
  /** Of a new authority, or of the one that is there. */
  readonly passphrase?: string;
  /** With names a broker certificate is issued even if there is one already. */
  readonly brokerNames?: readonly string[];
  readonly deviceName?: string;
}

export interface GeneratedCertificates {
  /** Absolute path of the certificates folder. */
  readonly folder: string;
  /** Absolute paths of the certificates that were made. */
  readonly created: readonly string[];
}

interface Plan {
  readonly authority?: { readonly commonName: string; readonly passphrase: string };
  readonly hosts?: readonly string[];
  readonly device: string;
}

export async function generateCertificates(
  options: GenerateCertificatesOptions,
  passphrases: AuthorityPassphrase,
  log: Log,
): Promise<GeneratedCertificates> {
  const folder = certificatesFolder();
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  const { createAuthority, issueBroker, issueDevice } = await import('../../io/pki/issueCertificates');
  const store = openCertificateStore(folder.path);
  const records = await store.list();
  const plan: Plan = {
    ...((await store.exists('authority')) ? {} : { authority: await askAuthority(options, folder.workspace.name) }),
    ...(await askBroker(
      options,
      records.some((r) => r.role === 'broker'),
    )),
    device: await askDevice(
      options,
      records.filter((r) => r.role === 'device').map((r) => r.name),
    ),
  };
  const settings = issueSettings();
  const issued: Issued[] = [];
  await withProgress('Generating certificates', async () => {
    if (plan.authority) {
      await passphrases.proveKept(plan.authority.passphrase);
      const authority = await createAuthority(store, { ...plan.authority, ...settings });
      await passphrases.keep(authority.record.fingerprint, plan.authority.passphrase);
      issued.push(authority);
    }
    const issuer = await passphrases.unlock(store, plan.authority?.passphrase ?? options.passphrase);
    if (plan.hosts) issued.push(await issueBroker(store, issuer, { hosts: plan.hosts, ...settings }));
    issued.push(await issueDevice(store, issuer, { commonName: plan.device, ...settings }));
  });
  for (const { record, notes } of issued) log.info(`issued ${record.file} (${record.name}). ${notes.join(' ')}`);
  void tell(issued, folder.name, plan.authority?.passphrase);
  return { folder: folder.path, created: issued.map(({ paths }) => paths.certificate) };
}

async function askAuthority(options: GenerateCertificatesOptions, workspaceName: string) {
  const { checkPassphrase } = await import('../../io/pki/keyPair');
  const proposal = proposeAuthorityName(workspaceName);
  const prompt = 'Your boards and your broker will trust what this authority signs.';
  const commonName = options.caName ?? (await askText('name of the authority', proposal, prompt, checkCommonName));
  const passphrase = options.passphrase ?? (await askNewPassphrase(checkPassphrase)) ?? newPassphrase();
  return { commonName, passphrase };
}

async function askBroker(options: GenerateCertificatesOptions, exists: boolean): Promise<Pick<Plan, 'hosts'>> {
  if (options.brokerNames) return { hosts: options.brokerNames };
  if (exists) return {};
  const { localBrokerNames } = await import('../../io/network/localNames');
  const prompt = 'Host names and IP addresses that boards connect to, separated by commas. The first names the files.';
  const check = (text: string) => parseHostNames(text.split(','));
  const answer = await askText("the broker's names", localBrokerNames().join(', '), prompt, check);
  return { hosts: answer.split(',').map((name) => name.trim()) };
}

async function askDevice(options: GenerateCertificatesOptions, taken: readonly string[]): Promise<string> {
  const prompt = 'Also the name that the board shows to the broker.';
  const check = (text: string) => fileNameOf(checkCommonName(text));
  return options.deviceName ?? (await askText('name of the device', proposeDeviceName(taken), prompt, check));
}

async function tell(issued: readonly Issued[], folder: string, newPassphrase: string | undefined): Promise<void> {
  const names = issued.map(({ record }) => `${record.role} "${record.name}"`).join(', ');
  const notes = issued.flatMap(({ notes }) => notes).join(' ');
  const copy = 'Copy CA Passphrase';
  const broker = 'Start Local TLS Broker';
  const sketch = 'New Secure Sketch…';
  const choice = await vscode.window.showInformationMessage(
    `Made in ${folder}: ${names}. ${notes}`.trim(),
    ...(newPassphrase === undefined ? [] : [copy]),
    broker,
    sketch,
  );
  if (choice === copy && newPassphrase !== undefined) await vscode.env.clipboard.writeText(newPassphrase);
  if (choice === broker) await runCommand('secureIot.startBroker');
  if (choice === sketch) await runCommand('secureIot.newSketch');
}
