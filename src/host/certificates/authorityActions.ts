// What one does with authorities: an intermediate one, one taken over from elsewhere, a fresh revocation list.
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import { parseNameConstraints } from '../../core/pki/nameConstraints';
import { fileError } from '../../io/files/fileErrors';
import type { AuthorityPassphrase } from './authorityPassphrase';
import { type Argument, chooseIssuer, openStore, optionsOf, pickFile, tellMade } from './certificateChoice';
import { askNewPassphrase, askText, newPassphrase, words } from './certificatePrompts';
import { issueSettings } from './certificatesFolder';

const INTERMEDIATE = 'Issue Intermediate Authority';

export async function issueIntermediate(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  await store.readCa();
  const check = (text: string) => fileNameOf(checkCommonName(text));
  const commonName = await askText(
    'name of the intermediate authority',
    'Factory CA',
    'It signs in place of the root, whose key can then stay away.',
    check,
    INTERMEDIATE,
  );
  const limits = (text: string) => parseNameConstraints(words(text), []);
  const prompt =
    'Domains that it may certify, separated by commas. Leave it empty for an authority that signs devices.';
  const domains = await askText('permitted names', '', prompt, limits, INTERMEDIATE);
  const { checkPassphrase } = await import('../../io/pki/keyPair');
  const passphrase = (await askNewPassphrase(checkPassphrase)) ?? newPassphrase();
  const issuer = await chooseIssuer(INTERMEDIATE, store, passphrases, optionsOf(argument).passphrase);
  const nameConstraints = limits(domains);
  await passphrases.proveKept(passphrase);
  const io = await import('../../io/pki/issueIntermediate');
  const { record, paths, notes } = await io.issueIntermediate(store, issuer, {
    commonName,
    passphrase,
    keyKind: issueSettings().keyKind,
    ...(nameConstraints ? { nameConstraints } : {}),
  });
  await passphrases.keep(record.fingerprint, passphrase);
  void tellMade(`Made ${record.file}. ${notes.join(' ')}`, paths.certificate);
}

/** PEM files, the key encrypted or not, or one PKCS#12 file; the key is kept encrypted with a passphrase of our own. */
export async function importAuthority(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  await store.refuseExisting('authority', 'ca');
  const source = await pickFile('Certificate of the authority, or its PKCS#12 file', [
    'crt',
    'pem',
    'cer',
    'p12',
    'pfx',
  ]);
  const read = /\.(?:p12|pfx)$/i.test(source) ? await askPkcs12(source) : await askPem(source);
  const { checkPassphrase } = await import('../../io/pki/keyPair');
  const passphrase = optionsOf(argument).passphrase ?? (await askNewPassphrase(checkPassphrase)) ?? newPassphrase();
  await passphrases.proveKept(passphrase);
  const io = await import('../../io/pki/importAuthority');
  const imported =
    'file' in read
      ? await io.importAuthorityFromPkcs12(store, { ...read, passphrase })
      : await io.importAuthority(store, { ...read, passphrase });
  await passphrases.keep(imported.record.fingerprint, passphrase);
  const text = `Took over "${imported.record.name}". ${imported.notes.join(' ')}`;
  void tellMade(text, imported.paths.certificate);
}

async function askPkcs12(file: string) {
  return { file, filePassphrase: await askPassphrase(`Passphrase of ${file}`) };
}

async function askPem(source: string) {
  const keySource = await pickFile('Private key of the authority', ['key', 'pem']);
  const [certificate, key] = [await readText(source), await readText(keySource)];
  const secret = /ENCRYPTED/.test(key) ? { keyPassphrase: await askPassphrase(`Passphrase of ${keySource}`) } : {};
  return { certificate, key, source, keySource, ...secret };
}

export async function updateRevocationList(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  const issuer = await chooseIssuer('Update Revocation List', store, passphrases, optionsOf(argument).passphrase);
  const { writeRevocationList } = await import('../../io/pki/revocationList');
  const { path, entries, notes } = await writeRevocationList(store, issuer);
  void tellMade(`Wrote ca/ca.crl with ${entries} revoked certificates. ${notes.join(' ')}`, path);
}

async function askPassphrase(title: string): Promise<string> {
  const answer = await vscode.window.showInputBox({ title, password: true, ignoreFocusOut: true });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
}
