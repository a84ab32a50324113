// What one does with a certificate in the view or from the palette: renew, revoke, issue another broker, a fleet.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { expiryText } from '../../core/pki/expiry';
import { namesFromCsv, namesFromPattern } from '../../core/pki/fleetNames';
import { parseHostNames } from '../../core/pki/hostNames';
import type { InventoryRecord } from '../../core/pki/inventory';
import { parseRevocationReason, type RevocationReason } from '../../core/pki/revocation';
import type { Issuer } from '../../io/pki/certificateAuthority';
import type { CertificateStore } from '../../io/pki/certificateStore';
import { withProgress } from '../progress';
import type { AuthorityPassphrase } from './authorityPassphrase';
import { type Argument, chooseIssuer, chooseRecord, openStore, optionsOf, pick, pickFile } from './certificateChoice';
import { askText } from './certificatePrompts';
import { issueSettings } from './certificatesFolder';

export async function renewCertificate(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const record = await chooseRecord('Renew Certificate', store, argument);
  const sameKey = record.role === 'device' && (await askSameKey(record, argument));
  const issuer = await unlockIssuerOf(record, store, argument, passphrases);
  const io = await import('../../io/pki/renewCertificate');
  const { keyKind: _, ...settings } = issueSettings(); // the kind of key stays
  const { record: renewed, notes } = await io.renewCertificate(store, issuer, record, { sameKey, ...settings });
  const key = sameKey ? 'its old key' : 'a new key';
  const text = `Renewed "${record.name}" ${expiryText(renewed, Date.now())}, with ${key}. The old files stay as dated copies. ${notes.join(' ')}`;
  void vscode.window.showInformationMessage(text.trim());
}

export async function revokeCertificate(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const record = await chooseRecord('Revoke Certificate', store, argument);
  const { reason: given } = optionsOf(argument);
  const reason = given === undefined ? await askReason(record) : parseRevocationReason(given);
  const issuer = await unlockIssuerOf(record, store, argument, passphrases);
  const io = await import('../../io/pki/revocationList');
  const { notes } = await io.revokeCertificate(store, issuer, { target: record.serial, reason });
  void vscode.window.showInformationMessage(`Revoked "${record.name}". ${notes.join(' ')}`);
}

export async function issueBrokerCertificate(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const options = optionsOf(argument);
  const hosts = options.brokerNames ?? (await askHosts());
  const issuer = await chooseIssuer('Issue Broker Certificate', store, passphrases, options.passphrase);
  const { issueBroker } = await import('../../io/pki/issueCertificates');
  const { record, notes } = await issueBroker(store, issuer, { hosts, ...issueSettings() });
  void vscode.window.showInformationMessage(`Made ${record.file}. ${notes.join(' ')}`.trim());
}

export async function issueFleet(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const options = optionsOf(argument);
  const check = (text: string) => namesFromPattern(text, 1);
  const prompt = 'The number in braces is the first of the series: dev-{0001}, dev-0002, …';
  const pattern =
    options.pattern ?? (await askText('pattern of the names', 'dev-{0001}', prompt, check, 'Issue a Fleet'));
  const checkCount = (text: string) => namesFromPattern(pattern, Number(text));
  const count =
    options.count ?? Number(await askText('how many', '100', 'Devices to issue.', checkCount, 'Issue a Fleet'));
  const issuer = await chooseIssuer('Issue a Fleet', store, passphrases, options.passphrase);
  await runFleet(store, issuer, namesFromPattern(pattern, count), count);
}

/** The names are in the column "name" of a CSV file. */
export async function issueFleetFromCsv(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const file = await pickFile('Names of the fleet (a CSV file with a column "name")', ['csv']);
  const text = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(file))).toString('utf8');
  const names = namesFromCsv(text, file);
  const issuer = await chooseIssuer('Issue a Fleet', store, passphrases, optionsOf(argument).passphrase);
  await runFleet(store, issuer, names, names.length);
}

async function runFleet(
  store: CertificateStore,
  issuer: Issuer,
  names: Iterable<string>,
  count: number,
): Promise<void> {
  const io = await import('../../io/pki/fleet');
  const result = await withProgress('Issuing a fleet', ({ signal, report }) =>
    io.issueFleet(store, issuer, {
      names,
      ...issueSettings(),
      signal,
      onProgress: ({ issued, existed, gone }) => {
        const done = issued + existed + gone;
        report(`${done} of ${count}`, done / count);
      },
    }),
  );
  const existed = result.existed > 0 ? ` ${result.existed} existed already.` : '';
  void vscode.window.showInformationMessage(
    `Issued ${result.issued} device certificates.${existed} ${result.notes.join(' ')}`.trim(),
  );
}

/** The authority that issued `record`: the root, or an intermediate one. */
async function unlockIssuerOf(
  record: InventoryRecord,
  store: CertificateStore,
  argument: Argument,
  passphrases: AuthorityPassphrase,
): Promise<Issuer> {
  const { intermediateOf } = await import('../../io/pki/issueIntermediate');
  return passphrases.unlock(store, optionsOf(argument).passphrase, intermediateOf(await store.list(), record));
}

/** A board's key may be out of reach; a broker's is not. */
async function askSameKey(record: InventoryRecord, argument: Argument): Promise<boolean> {
  const { sameKey } = optionsOf(argument);
  if (sameKey !== undefined) return sameKey;
  const keys = [
    { label: 'New key', description: 'certificate and key go to the board again', same: false },
    {
      label: 'Same key',
      description: 'for a board whose key cannot be changed: only the certificate goes there',
      same: true,
    },
  ];
  return (await pick(`Renew "${record.name}" with which key?`, keys)).same;
}

async function askReason(record: InventoryRecord): Promise<RevocationReason> {
  const reasons: { label: string; description: string; reason: RevocationReason }[] = [
    { label: 'Key compromised', description: 'stolen, leaked, or the board was opened', reason: 'keyCompromise' },
    { label: 'Out of service', description: 'the device is gone', reason: 'cessationOfOperation' },
    { label: 'Replaced', description: 'it has a new certificate', reason: 'superseded' },
    { label: 'No reason given', description: '', reason: 'unspecified' },
  ];
  const title = `Revoke "${record.name}": why?`;
  const chosen = await vscode.window.showQuickPick(reasons, { title, ignoreFocusOut: true });
  if (!chosen) throw new CancelledError();
  const revoke = 'Revoke';
  const detail = 'It cannot be undone. The broker refuses the certificate once it has the new list (ca/ca.crl).';
  const sure = await vscode.window.showWarningMessage(`Revoke "${record.name}"?`, { modal: true, detail }, revoke);
  if (sure !== revoke) throw new CancelledError();
  return chosen.reason;
}

async function askHosts(): Promise<string[]> {
  const { localBrokerNames } = await import('../../io/network/localNames');
  const prompt = 'Host names and IP addresses that boards connect to, separated by commas. The first names the files.';
  const check = (text: string) => parseHostNames(text.split(','));
  const answer = await askText(
    "the broker's names",
    localBrokerNames().slice(2).join(', '),
    prompt,
    check,
    'Issue Broker Certificate',
  );
  return answer.split(',').map((name) => name.trim());
}
