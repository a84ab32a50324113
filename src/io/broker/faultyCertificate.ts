// Certificates that are wrong on purpose, for a broker with a fault. They live in memory only, for a day.
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { CertificateRole } from '../../core/pki/certificateProfile';
import type { AltName } from '../../core/pki/subjectAltNames';
import type { Validity } from '../../core/pki/validity';
import { type Issuer, signCertificate } from '../pki/certificateAuthority';
import { generatePrivateKey, privateKeyPem, publicKeyDer } from '../pki/keyPair';

const DAY = 86_400_000;

export interface FaultyPair {
  /** PEM texts; the certificate with what is sent beside it. */
  readonly certificate: string;
  readonly key: string;
  /** PEM: the intermediate certificate that is not sent. */
  readonly withheld?: string;
}

export interface FaultyCertificateRequest {
  /** What the good broker certificate is for. */
  readonly names: readonly AltName[];
  /** Common name of the workspace's authority. */
  readonly authorityName: string;
  /** Unlocked, for the faults that your authority must sign. */
  readonly issuer: () => Promise<Issuer>;
  readonly now: Date;
}

export const FAULTY_CERTIFICATES = {
  'wrong-ca': async (request) => leaf(request, await newAuthority('An authority that nobody trusts', request.now)),
  'remade-ca': async (request) => leaf(request, await newAuthority(request.authorityName, request.now)),
  'wrong-name': async (request) => leaf(request, await request.issuer(), { names: [dns('another.invalid')] }),
  'no-san': async (request) => leaf(request, await request.issuer(), { names: [], commonName: 'MQTT Broker' }),
  expired: async (request) => leaf(request, await request.issuer(), { validity: days(request.now, -30, -1) }),
  'not-yet-valid': async (request) => leaf(request, await request.issuer(), { validity: days(request.now, 1, 30) }),
  'missing-intermediate': async (request) => {
    const between = await intermediate(await request.issuer(), request.now);
    return { ...(await leaf(request, between)), withheld: between.certificate.toString() };
  },
  'weak-key': async (request) => leaf(request, await request.issuer(), { key: await weakKey() }),
  'sha1-signature': async (request) => leaf(request, await request.issuer(), { weakHash: 'SHA-1' }),
  'wrong-purpose': async (request) => leaf(request, await request.issuer(), { role: 'device' }),
} as const satisfies Record<string, (request: FaultyCertificateRequest) => Promise<FaultyPair>>;

interface LeafChanges {
  readonly names?: readonly AltName[];
  readonly commonName?: string;
  readonly validity?: Validity;
  readonly key?: KeyObject;
  readonly role?: CertificateRole;
  readonly weakHash?: 'SHA-1';
}

async function leaf(request: FaultyCertificateRequest, issuer: Issuer, changes: LeafChanges = {}): Promise<FaultyPair> {
  const { names = request.names, validity = days(request.now, -1, 1), role = 'broker' } = changes;
  const key = changes.key ?? (await generatePrivateKey('ecdsa-p256'));
  const certificate = await signCertificate(
    {
      role,
      commonName: changes.commonName ?? names[0]?.value ?? 'localhost',
      altNames: names,
      validity,
      publicKey: publicKeyDer(key),
      keyKind: changes.key ? 'rsa-2048' : 'ecdsa-p256',
      ...(changes.weakHash ? { weakHash: changes.weakHash } : {}),
    },
    { issuer },
  );
  return { certificate: certificate.toString(), key: privateKeyPem(key) };
}

/** One that nobody has. */
export async function newAuthority(commonName: string, now: Date): Promise<Issuer> {
  const key = await generatePrivateKey('ecdsa-p256');
  const request = { role: 'authority', commonName, validity: days(now, -1, 1), keyKind: 'ecdsa-p256' } as const;
  return { certificate: await signCertificate({ ...request, publicKey: publicKeyDer(key) }, { selfKey: key }), key };
}

async function intermediate(issuer: Issuer, now: Date): Promise<Issuer> {
  const key = await generatePrivateKey('ecdsa-p256');
  const request = { role: 'authority', commonName: 'An intermediate that is not sent', pathLength: 0 } as const;
  const certificate = await signCertificate(
    { ...request, validity: days(now, -1, 1), keyKind: 'ecdsa-p256', publicKey: publicKeyDer(key) },
    { issuer },
  );
  return { certificate, key };
}

/** Nothing else here makes keys that short. */
async function weakKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 1024 })).privateKey;
}

function days(now: Date, from: number, to: number): Validity {
  const second = Math.floor(now.getTime() / 1000) * 1000;
  return { notBefore: new Date(second + from * DAY), notAfter: new Date(second + to * DAY) };
}

function dns(value: string): AltName {
  return { type: 'dns', value };
}
