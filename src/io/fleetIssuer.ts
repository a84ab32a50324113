// Issues one fleet certificate after another in this thread: key, certificate, both files. Synchronous on purpose: it
// runs in a worker, where waiting for each file in turn is faster than a queue.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomFillSync,
  sign,
} from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  assembleCertificate,
  type CertificateTemplate,
  fillTemplate,
  publicKeyOctets,
  serialFrom,
} from '../core/pki/certificateTemplate';
import { fileNameOf } from '../core/pki/fileName';
import type { InventoryRecord } from '../core/pki/inventory';
import type { KeyKind } from '../core/pki/keyKind';
import { writePem } from '../core/x509/pem';
import { fileError } from './fileErrors';
import { TEMPORARY_PREFIX } from './newFile';

/** All that a worker needs; can be sent to a thread. */
export interface FleetOrder {
  /** Absolute path of certs/devices, which exists. */
  readonly folder: string;
  readonly template: CertificateTemplate;
  readonly issuerKey: KeyObject;
  readonly hash: string;
  readonly keyKind: KeyKind;
  /** PEM of the certificates that follow the leaf in its file. */
  readonly chain: string;
  /** What is the same in every record. */
  readonly record: Pick<InventoryRecord, 'role' | 'issuer' | 'notBefore' | 'notAfter' | 'status'>;
}

/** Makes the files of `name`. Undefined if the device has a certificate already, which is left alone. */
export function issueFleetCertificate(order: FleetOrder, name: string): InventoryRecord | undefined {
  const stem = fileNameOf(name);
  const base = join(order.folder, stem);
  if (isWhole(readIfThere(`${base}.crt`))) return undefined;
  const { spki, pem, isNew } = keyFor(order.keyKind, `${base}.key`);
  const serial = serialFrom(randomFillSync(new Uint8Array(16)));
  const keyIdentifier = createHash('sha1').update(publicKeyOctets(spki)).digest();
  const tbs = fillTemplate(order.template, { serial, commonName: name, publicKey: spki, keyIdentifier });
  const certificate = assembleCertificate(order.template, tbs, sign(order.hash, tbs, order.issuerKey));
  if (isNew) writeNew(`${base}.key`, pem, 0o600);
  writeNew(`${base}.crt`, writePem('CERTIFICATE', certificate) + order.chain, 0o644);
  return {
    name,
    serial: Buffer.from(serial[0] === 0 ? serial.subarray(1) : serial)
      .toString('hex')
      .toUpperCase(),
    fingerprint: colons(createHash('sha256').update(certificate).digest('hex')),
    file: `devices/${stem}.crt`,
    ...order.record,
  };
}

/** A key that lies there without a certificate is a killed run's: it is used, so that no key is lost. */
function keyFor(kind: KeyKind, path: string): { spki: Uint8Array; pem: string; isNew: boolean } {
  const old = readIfThere(path);
  if (old !== undefined && isWhole(old)) {
    const spki = createPublicKey(createPrivateKey(old)).export({ type: 'spki', format: 'der' });
    return { spki, pem: old, isNew: false };
  }
  const [spki, pem] = kind.startsWith('rsa') ? newRsaKey(Number(kind.slice('rsa-'.length))) : newEcKey(kind);
  return { spki, pem, isNew: true };
}

const PUBLIC = { type: 'spki', format: 'der' } as const;
const PRIVATE = { type: 'pkcs8', format: 'pem' } as const;

/** Encoded while it is made, which is twice as fast as exporting afterwards. */
function newEcKey(kind: KeyKind): [Uint8Array, string] {
  const namedCurve = kind === 'ecdsa-p384' ? 'P-384' : 'P-256';
  const pair = generateKeyPairSync('ec', { namedCurve, publicKeyEncoding: PUBLIC, privateKeyEncoding: PRIVATE });
  return [pair.publicKey, pair.privateKey];
}

function newRsaKey(modulusLength: number): [Uint8Array, string] {
  const pair = generateKeyPairSync('rsa', { modulusLength, publicKeyEncoding: PUBLIC, privateKeyEncoding: PRIVATE });
  return [pair.publicKey, pair.privateKey];
}

/** Linked into place whole, never over another file. No fsync each: the ledger's fsync orders what matters to a rerun. */
function writeNew(path: string, text: string, mode: number): void {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const temporary = `${path.slice(0, slash + 1)}${TEMPORARY_PREFIX}${path.slice(slash + 1)}.tmp`;
  try {
    const handle = openSync(temporary, 'w', mode);
    writeSync(handle, text);
    closeSync(handle);
    try {
      linkSync(temporary, path);
      unlinkSync(temporary);
    } catch (error) {
      if (isWhole(readIfThere(path))) throw error;
      renameSync(temporary, path); // no hard links here, or the torn file of a crash
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined; // the common case, without the cost of an exception
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
}

function isWhole(pem: string | undefined): pem is string {
  return pem?.trimEnd().endsWith('-----') === true && pem.includes('-----END ');
}

function colons(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(':');
}
