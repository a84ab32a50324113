// Issues one fleet certificate after another in this thread: key, certificate, both files. Synchronous on purpose: it
// runs in a worker, where waiting for each file in turn is faster than a queue.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomFillSync, sign } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  assembleCertificate,
  type CertificateTemplate,
  fillTemplate,
  publicKeyOctets,
  serialFrom,
} from '../../core/pki/certificateTemplate';
import { fileNameOf } from '../../core/pki/fileName';
import type { InventoryRecord } from '../../core/pki/inventory';
import type { KeyKind } from '../../core/pki/keyKind';
import { fileError } from '../files/fileErrors';
import { type FleetKey, fastPem } from './fleetKey';

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

/**
 * Makes the files of `name`. Undefined if the device has a certificate already, which is left alone. `fresh`: neither
 * of its files was there when the run began, so nothing is looked up; a file that came meanwhile is found all the same.
 */
export function issueFleetCertificate(
  order: FleetOrder,
  newKey: () => FleetKey,
  name: string,
  fresh = false,
): InventoryRecord | undefined {
  const stem = fileNameOf(name);
  const base = join(order.folder, stem);
  if (!fresh && isWhole(readIfThere(`${base}.crt`))) return undefined;
  const oldKey = fresh ? undefined : keyThere(`${base}.key`);
  const { publicKey, pem } = oldKey ?? newKey();
  const serial = serialFrom(randomFillSync(new Uint8Array(16)));
  const keyIdentifier = createHash('sha1').update(publicKeyOctets(publicKey)).digest();
  const tbs = fillTemplate(order.template, { serial, commonName: name, publicKey, keyIdentifier });
  const certificate = assembleCertificate(order.template, tbs, sign(order.hash, tbs, order.issuerKey));
  if (!oldKey && !writeNew(`${base}.key`, pem, 0o600)) return issueFleetCertificate(order, newKey, name);
  if (!writeNew(`${base}.crt`, fastPem('CERTIFICATE', certificate) + order.chain, 0o644)) return undefined;
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
function keyThere(path: string): FleetKey | undefined {
  const pem = readIfThere(path);
  if (!isWhole(pem)) return undefined;
  return { publicKey: createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' }), pem };
}

/**
 * Creates the file; false if there is a whole one already. Not through a temporary file: on ext4 a rename or link costs
 * four times the creation. One write of less than a page is there or not, so a kill leaves an empty file at worst, which
 * no ledger line speaks of and which the next run fills.
 */
function writeNew(path: string, text: string, mode: number): boolean {
  try {
    const handle = openSync(path, 'wx', mode);
    try {
      writeSync(handle, text);
    } catch (error) {
      rmSync(path, { force: true }); // a full disk
      throw error;
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, 'write', path);
    if (isWhole(readIfThere(path))) return false;
    rmSync(path, { force: true });
    return writeNew(path, text, mode);
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
