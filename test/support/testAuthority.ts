// Issues certificates of any shape for tests, good and bad ones, with @peculiar/x509.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as Crypto);

export interface TestIdentity {
  readonly certificate: x509.X509Certificate;
  readonly der: Uint8Array;
  readonly pem: string;
  /** PKCS#8, not encrypted. */
  readonly keyPem: string;
  readonly keys: CryptoKeyPair;
}

export type TestKey = 'P-256' | 'P-384' | 'P-521' | 'rsa-2048' | 'rsa-1024' | 'rsa-1008';

export interface TestRequest {
  /** Becomes `CN=…` unless `subject` is given. */
  readonly cn?: string;
  readonly subject?: x509.JsonName;
  /** Self-signed without one. */
  readonly issuer?: TestIdentity;
  readonly key?: TestKey;
  /** Reuses this pair instead of making one. */
  readonly keys?: CryptoKeyPair;
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly san?: x509.JsonGeneralNames;
  readonly usages?: readonly (keyof typeof x509.ExtendedKeyUsage)[];
  readonly keyUsage?: readonly (keyof typeof x509.KeyUsageFlags)[];
  /** No SKI and AKI, as `openssl x509 -req` without an extension file leaves it. */
  readonly bare?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: readonly x509.Extension[];
}

const DAY = 86_400_000;

/** WebCrypto binds an RSA key to one hash: `hash` is what it will sign with. */
export async function generateKeys(key: TestKey = 'P-256', hash = 'SHA-256'): Promise<CryptoKeyPair> {
  const algorithm = key.startsWith('rsa')
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        hash,
        publicExponent: Uint8Array.of(1, 0, 1),
        modulusLength: Number(key.slice(4)),
      }
    : { name: 'ECDSA', namedCurve: key };
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

export async function issue(request: TestRequest): Promise<TestIdentity> {
  const keys = request.keys ?? (await generateKeys(request.key, request.hash));
  const signing = request.issuer?.keys ?? keys;
  const subject = request.subject ?? (request.cn === undefined ? [] : [{ CN: [request.cn] }]);
  const extensions: x509.Extension[] = [...(request.extensions ?? [])];
  if (request.ca !== undefined) {
    extensions.push(new x509.BasicConstraintsExtension(request.ca, request.pathLength, true));
  }
  if (request.keyUsage) {
    const bits = request.keyUsage.reduce((sum, usage) => sum | x509.KeyUsageFlags[usage], 0);
    extensions.push(new x509.KeyUsagesExtension(bits, true));
  }
  if (request.usages) {
    extensions.push(new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => x509.ExtendedKeyUsage[usage])));
  }
  if (request.san) extensions.push(new x509.SubjectAlternativeNameExtension(request.san));
  if (!request.bare) {
    extensions.push(await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto));
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(signing.publicKey, false, webcrypto as Crypto));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: request.issuer ? new x509.Name(request.issuer.certificate.subject).toJSON() : subject,
    publicKey: keys.publicKey,
    signingKey: signing.privateKey,
    signingAlgorithm: { name: signing.privateKey.algorithm.name, hash: request.hash ?? 'SHA-256' },
    notBefore: request.notBefore ?? new Date(Date.now() - DAY),
    notAfter: request.notAfter ?? new Date(Date.now() + 365 * DAY),
    extensions,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate,
    der: new Uint8Array(certificate.rawData),
    pem: `${certificate.toString('pem')}\n`,
    keyPem: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
    keys,
  };
}

/** A CA, a broker certificate for `localhost` and 127.0.0.1, and a device certificate, all good. */
export async function goodSet(
  key: TestKey = 'P-256',
): Promise<{ ca: TestIdentity; broker: TestIdentity; device: TestIdentity }> {
  const ca = await issue({
    cn: 'Workshop CA',
    ca: true,
    key,
    keyUsage: ['keyCertSign', 'cRLSign'],
  });
  const broker = await issue({
    cn: 'localhost',
    issuer: ca,
    ca: false,
    key,
    usages: ['serverAuth'],
    san: [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ],
  });
  const device = await issue({
    cn: 'esp32-device-001',
    issuer: ca,
    ca: false,
    key,
    usages: ['clientAuth'],
  });
  return { ca, broker, device };
}

/** `value`: DER in hex; NULL where none is given. */
export function criticalExtension(oid: string, value = '0500'): x509.Extension {
  return new x509.Extension(oid, true, Uint8Array.from(Buffer.from(value, 'hex')));
}

/** PEM, valid from a minute ago for an hour. */
export async function revocationList(ca: TestIdentity, revoked: readonly TestIdentity[]): Promise<string> {
  const list = await x509.X509CrlGenerator.create({
    issuer: ca.certificate.subject,
    thisUpdate: new Date(Date.now() - 60_000),
    nextUpdate: new Date(Date.now() + 3_600_000),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: ca.keys.privateKey,
    entries: revoked.map(({ certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: new Date(Date.now() - 30_000),
    })),
  });
  return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`; // toString('pem') says "CRL", which OpenSSL does not know
}
