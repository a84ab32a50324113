// What the certificate commands have in common: the folder, which certificate is meant, who signs, and files to pick.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { profiles } from '../../core/pki/certificateProfile';
import { expiryText } from '../../core/pki/expiry';
import type { InventoryRecord } from '../../core/pki/inventory';
import { findRecord } from '../../core/pki/revocation';
import type { Issuer } from '../../io/pki/certificateAuthority';
import type { CertificateStore } from '../../io/pki/certificateStore';
import type { AuthorityPassphrase } from './authorityPassphrase';
import { certificatesFolder } from './certificatesFolder';
import type { CertificateRow } from './certificatesView';

/** `target`: name or serial number. Every answer given is not asked for. */
export interface CertificateActionOptions {
  readonly target?: string;
  readonly reason?: string;
  readonly passphrase?: string;
  readonly brokerNames?: readonly string[];
  readonly pattern?: string;
  readonly count?: number;
  /** Of a device that is renewed. */
  readonly sameKey?: boolean;
}

export type Argument = CertificateActionOptions | CertificateRow | undefined;

export async function openStore(): Promise<CertificateStore> {
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  return openCertificateStore(certificatesFolder().path);
}

export function optionsOf(argument: Argument): CertificateActionOptions {
  return argument && !('kind' in argument) ? argument : {};
}

/** The row's certificate, the named one, or one picked from all leaves in use. */
export async function chooseRecord(
  title: string,
  store: CertificateStore,
  argument: Argument,
): Promise<InventoryRecord> {
  if (argument && 'kind' in argument && argument.kind === 'certificate') return argument.record;
  const records = (await store.list()).filter((r) => r.status === 'valid' && !profiles[r.role].isAuthority);
  const { target } = optionsOf(argument);
  if (target !== undefined) return findRecord(records, target);
  if (records.length === 0)
    throw new UserError('no-certificates', 'There is no certificate here yet. Generate one first.');
  const now = Date.now();
  const items = records.map((record) => ({
    label: record.name,
    description: `${record.role}, ${expiryText(record, now)}`,
    record,
  }));
  return (await pick(title, items)).record;
}

/** The unlocked authority that signs; asks which where there are intermediate ones. */
export async function chooseIssuer(
  title: string,
  store: CertificateStore,
  passphrases: AuthorityPassphrase,
  given?: string,
): Promise<Issuer> {
  const authorities = (await store.list()).filter((r) => r.status === 'valid' && profiles[r.role].isAuthority);
  const intermediates = authorities.filter((r) => r.role === 'intermediate');
  if (intermediates.length === 0 || given !== undefined) return passphrases.unlock(store, given);
  const items = [...intermediates, ...authorities.filter((r) => r.role === 'authority')].map((record) => ({
    label: record.name,
    description: profiles[record.role].title,
    intermediate: record.role === 'intermediate' ? record.name : undefined,
  }));
  const { intermediate } = await pick(`${title}: who signs?`, items);
  return passphrases.unlock(store, undefined, intermediate);
}

/** Escape cancels in silence. */
export async function pick<T extends vscode.QuickPickItem>(title: string, items: readonly T[]): Promise<T> {
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true });
  if (!chosen) throw new CancelledError();
  return chosen;
}

/** Absolute path of a file that the person picks. */
export async function pickFile(title: string, extensions: readonly string[]): Promise<string> {
  const filters = { [extensions.map((e) => `*.${e}`).join(', ')]: [...extensions], 'All files': ['*'] };
  const chosen = await vscode.window.showOpenDialog({ title, filters, canSelectMany: false });
  if (!chosen?.[0]) throw new CancelledError();
  return chosen[0].fsPath;
}

/** Says what was made, with a button that shows it. `file`: absolute. */
export async function tellMade(message: string, file: string): Promise<void> {
  const open = 'Show File';
  const choice = await vscode.window.showInformationMessage(message.trim(), open);
  if (choice === open) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(file));
}
