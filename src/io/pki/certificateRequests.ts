// Certificate signing requests (PKCS#10): makes one for an authority elsewhere, and signs one made elsewhere, whose key
// we never see (a secure element's, for example).
import 'reflect-metadata'; // @peculiar/x509 throws on load without it
import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { UserError } from '../../core/errors';
import type { BoardStackId } from '../../core/pki/boardStack';
import { type CertificateRole, profiles } from '../../core/pki/certificateProfile';
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import { parseHostNames } from '../../core/pki/hostNames';
import { DEFAULT_KEY_KIND, type KeyKind } from '../../core/pki/keyKind';
import { altNamesFor } from '../../core/pki/subjectAltNames';
import { validityFor } from '../../core/pki/validity';
import { readPem, writePem } from '../../core/x509/pem';
import { fileError } from '../files/fileErrors';
import { writeNewFile } from '../files/newFile';
import { type Issuer, signCertificate } from './certificateAuthority';
import type { CertificateStore } from './certificateStore';
import { chainPem, type Issued } from './issueCertificates';
import { checkIssuable, checkStack } from './issuerLimits';
import { generatePrivateKey, keyKindOf, privateKeyPem } from './keyPair';
import { hashFor, webCryptoKey, webCryptoPublicKey } from './signingKey';

export interface MadeRequest {
  /** Absolute paths. */
  readonly request: string;
  readonly key: string;
}

/** Makes requests/<name>.key and .csr. Hosts go into the request's SAN. */
export async function makeRequest(
  store: CertificateStore,
  options: { readonly commonName: string; readonly hosts?: readonly string[]; readonly keyKind?: KeyKind },
): Promise<MadeRequest> {
  const commonName = checkCommonName(options.commonName);
  const base = join(store.folder, 'requests', fileNameOf(commonName));
  const hosts = options.hosts?.length ? altNamesFor(parseHostNames(options.hosts), 'mbedtls-3.5').names : [];
  const key = await generatePrivateKey(options.keyKind ?? DEFAULT_KEY_KIND);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: new x509.Name([{ CN: [{ utf8String: commonName }] }]).toJSON(),
      keys: { privateKey: await webCryptoKey(key), publicKey: await webCryptoPublicKey(key) },
      signingAlgorithm: { name: key.asymmetricKeyType === 'ec' ? 'ECDSA' : 'RSASSA-PKCS1-v1_5', hash: hashFor(key) },
      extensions: hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension([...hosts])] : [],
    },
    webcrypto as Crypto,
  );
  await store.prepare();
  await writeNewFile(`${base}.key`, privateKeyPem(key), { mode: 0o600 });
  await writeNewFile(`${base}.csr`, writePem('CERTIFICATE REQUEST', new Uint8Array(request.rawData)));
  return { request: `${base}.csr`, key: `${base}.key` };
}

export interface SignRequestOptions {
  readonly role: Exclude<CertificateRole, 'authority'>;
  /** Instead of the request's. */
  readonly commonName?: string;
  /** For a broker: instead of the request's. */
  readonly hosts?: readonly string[];
  readonly days?: number;
  readonly stack?: BoardStackId;
  readonly crlUrl?: string;
}

/**
 * Signs the request in `file` (PEM or DER). From the request come the public key, the common name and, for a broker,
 * the hosts; every other wish in it is ignored, so that a request cannot make itself an authority.
 */
export async function signRequest(
  store: CertificateStore,
  issuer: Issuer,
  file: string,
  options: SignRequestOptions,
): Promise<Issued> {
  const request = await readRequest(file);
  const commonName = checkCommonName(options.commonName ?? request.subjectName.getField('CN')[0] ?? '');
  const { keyKind } = publicKeyOf(request, file);
  const hosts = options.hosts?.length ? options.hosts : hostsOf(request);
  const altNames =
    options.role === 'broker'
      ? altNamesFor(parseHostNames(hosts.length > 0 ? hosts : [commonName]), options.stack ?? 'any')
      : undefined;
  const validity = validityFor(new Date(), options.days ?? profiles[options.role].days, {
    notBefore: new Date(issuer.certificate.validFrom),
    notAfter: new Date(issuer.certificate.validTo),
  });
  const name = fileNameOf(commonName);
  checkIssuable(issuer, commonName, altNames?.names);
  checkStack(options.stack, { kind: keyKind, name: commonName }, issuer);
  await store.refuseExisting(options.role, name);
  const certificate = await signCertificate(
    {
      role: options.role,
      commonName,
      validity,
      publicKey: new Uint8Array(request.publicKey.rawData),
      keyKind,
      ...(altNames ? { altNames: altNames.names } : {}),
      ...(options.crlUrl ? { crlUrl: options.crlUrl } : {}),
    },
    { issuer },
  );
  const record = await store.add(options.role, name, { certificate: chainPem(certificate, issuer) });
  const notes = ['The private key stays where the request was made.', ...(altNames?.notes ?? []), ...validity.notes];
  return { record, paths: store.pathsOf(options.role, name), notes };
}

/** The key that the request in `file` asks a certificate for, to renew the certificate of `commonName`. */
export async function readRequestedKey(file: string, commonName: string): Promise<KeyObject> {
  const request = await readRequest(file);
  const [asked = ''] = request.subjectName.getField('CN');
  if (asked === commonName) return publicKeyOf(request, file).key;
  throw new UserError('request-name', `${file} asks for a certificate for "${asked}", not for "${commonName}".`);
}

function publicKeyOf(request: x509.Pkcs10CertificateRequest, file: string): { key: KeyObject; keyKind: KeyKind } {
  const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
  const keyKind = keyKindOf(key);
  if (keyKind) return { key, keyKind };
  throw new UserError(
    'request-key',
    `The key in ${file} is of a kind that boards and brokers do not all verify. Use ECDSA P-256 or P-384, or RSA with 2048, 3072 or 4096 bits.`,
  );
}

/** Reads a request and checks that its maker holds the key. */
async function readRequest(file: string): Promise<x509.Pkcs10CertificateRequest> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  try {
    const der = bytes[0] === 0x30 ? bytes : pemRequest(bytes.toString('utf8'));
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(der));
    if (await request.verify(webcrypto as Crypto)) return request;
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.code, `${file}: ${error.message}`);
    throw new UserError('request-damaged', `${file} is no certificate signing request, or a damaged one.`, undefined, {
      cause: error,
    });
  }
  throw new UserError(
    'request-signature',
    `The signature of ${file} is wrong: whoever made it does not hold its key, or it was changed. Make it again.`,
  );
}

function pemRequest(text: string): Uint8Array {
  const block = readPem(text).find(({ label }) => label.endsWith('CERTIFICATE REQUEST'));
  if (block) return block.der;
  throw new UserError('request-missing', 'There is no "-----BEGIN CERTIFICATE REQUEST-----" in this file.');
}

function hostsOf(request: x509.Pkcs10CertificateRequest): string[] {
  const names = request.extensions.find((e) => e instanceof x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter(({ type }) => type === 'dns' || type === 'ip').map(({ value }) => value);
}
