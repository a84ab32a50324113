// Verify Certificate… and Rehearse Expiry…: their reports are read-only pages.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { rehearsalPage, verificationPage } from '../../core/pki/reportPages';
import { openStore } from './certificateChoice';
import { askText } from './certificatePrompts';
import type { CertificateRow } from './certificatesView';
import { chooseCertificateFile } from './chooseCertificateFile';
import { withFilePassphrase } from './filePassphrase';

export interface Page {
  readonly name: string;
  readonly markdown: string;
}

/** Undefined when the person chose no file. */
export async function verifyCertificate(argument: unknown): Promise<Page | undefined> {
  const file = fileOf(argument) ?? (await chooseCertificateFile(argument, 'Verify Certificate'));
  if (!file) return undefined;
  const { verifyInStore } = await import('../../io/pki/verifyInStore');
  const store = await openStore();
  const result = await withFilePassphrase(file, (passphrase) =>
    verifyInStore(store, file, passphrase === undefined ? {} : { passphrase }),
  );
  const name = path.basename(file);
  return { name: `Verification of ${name}`, markdown: verificationPage({ ...result, file: name }) };
}

export async function rehearseExpiry(_argument: unknown): Promise<Page> {
  const store = await openStore();
  const io = await import('../../io/pki/rehearsal');
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
  const prompt = 'What no longer works on that day, and which sketches carry it.';
  const day = await askText('which day', inAYear, prompt, io.parseRehearsalDay, 'Rehearse Expiry');
  const breakages = await io.rehearseStore(store, io.parseRehearsalDay(day));
  return { name: `Rehearsal of ${day}`, markdown: rehearsalPage(day, breakages) };
}

function fileOf(argument: unknown): string | undefined {
  const row = argument as CertificateRow | undefined;
  if (row instanceof vscode.Uri || row?.kind !== 'certificate') return undefined;
  return path.join(row.folder, row.record.file);
}
