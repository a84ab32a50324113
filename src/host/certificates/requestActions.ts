// Signing requests: makes one for an authority elsewhere, signs one made elsewhere; and a certificate for a person.
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import { parseHostNames } from '../../core/pki/hostNames';
import type { AuthorityPassphrase } from './authorityPassphrase';
import { type Argument, chooseIssuer, openStore, optionsOf, pick, pickFile, tellMade } from './certificateChoice';
import { askText, words } from './certificatePrompts';
import { issueSettings } from './certificatesFolder';

const HOSTS_PROMPT =
  'For a broker: the names and addresses that clients connect to, separated by commas (a public CA wants them). Leave it empty for a device, also for AWS IoT.';

export async function makeSigningRequest(_argument: Argument): Promise<void> {
  const store = await openStore();
  const prompt = 'The common name that the certificate should carry.';
  const commonName = await askText(
    'name in the request',
    'esp32-device-001',
    prompt,
    checkName,
    'Make Signing Request',
  );
  const hosts = await askText('host names', '', HOSTS_PROMPT, checkHosts, 'Make Signing Request');
  const { makeRequest } = await import('../../io/pki/certificateRequests');
  const { request } = await makeRequest(store, { commonName, hosts: words(hosts), keyKind: issueSettings().keyKind });
  void tellMade('Made a signing request and its key. Send only the .csr file; the key stays here.', request);
}

export async function signSigningRequest(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  await store.readCa();
  const file = await pickFile('Signing request to sign', ['csr', 'pem', 'req', 'p10']);
  const roles = [
    { label: 'Device', description: 'a board: clientAuth', role: 'device' },
    { label: 'Broker', description: 'a server: serverAuth, with the host names of the request', role: 'broker' },
    { label: 'Operator', description: 'a person or a program: clientAuth', role: 'operator' },
  ] as const;
  const { role } = await pick('Sign Signing Request: what is it for?', roles);
  const issuer = await chooseIssuer('Sign Signing Request', store, passphrases, optionsOf(argument).passphrase);
  const { signRequest } = await import('../../io/pki/certificateRequests');
  const { record, paths, notes } = await signRequest(store, issuer, file, { role, ...issueSettings() });
  void tellMade(`Made ${record.file}. ${notes.join(' ')}`, paths.certificate);
}

export async function issueOperator(argument: Argument, passphrases: AuthorityPassphrase): Promise<void> {
  const store = await openStore();
  await store.readCa();
  const prompt = 'The person or program that connects to the broker with it.';
  const commonName = await askText(
    'name of the operator',
    'operator-1',
    prompt,
    checkName,
    'Issue Operator Certificate',
  );
  const issuer = await chooseIssuer('Issue Operator Certificate', store, passphrases, optionsOf(argument).passphrase);
  const { issueDevice } = await import('../../io/pki/issueCertificates');
  const { record, paths, notes } = await issueDevice(store, issuer, {
    commonName,
    role: 'operator',
    keyKind: issueSettings().keyKind,
  });
  void tellMade(`Made ${record.file}. ${notes.join(' ')}`, paths.certificate);
}

function checkName(text: string): string {
  return fileNameOf(checkCommonName(text));
}

function checkHosts(text: string): void {
  if (words(text).length > 0) parseHostNames(words(text));
}
