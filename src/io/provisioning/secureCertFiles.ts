// esp_secure_cert images as files: built from Espressif's CSV or a device's identity, read, checked, taken apart.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../../core/errors';
import { formatSecureCertCsv, parseSecureCertCsv, type SecureCertRow } from '../../core/firmware/secureCertCsv';
import { type SecureCertEntry, SecureCertType, secureCertTypeName } from '../../core/firmware/secureCertFormat';
import { buildSecureCertImage } from '../../core/firmware/secureCertImage';
import { readSecureCertImage, type SecureCertContent } from '../../core/firmware/secureCertReader';
import { fileError } from '../files/fileErrors';
import { writeNewFile } from '../files/newFile';
import { type OutputRule, writeOutput } from '../files/outputFile';
import type { DeviceIdentity } from '../pki/identityFiles';
import { storedCertificate, storedPrivateKey } from './secureCertEncoding';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const { ESP_SECURE_CERT_CA_CERT_TLV, ESP_SECURE_CERT_DEV_CERT_TLV, ESP_SECURE_CERT_PRIV_KEY_TLV } = SecureCertType;

/** CA, device certificate and key, in the order of Espressif's tool. */
export function identityEntries(identity: DeviceIdentity): SecureCertEntry[] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const entry = (type: number, data: Uint8Array): SecureCertEntry => ({ type, subtype: 0, flags: 0, data });
  return [
    entry(ESP_SECURE_CERT_CA_CERT_TLV, storedCertificate(bytes(identity.ca), 'the CA')),
    entry(ESP_SECURE_CERT_DEV_CERT_TLV, storedCertificate(bytes(identity.device), 'the device certificate')),
    entry(ESP_SECURE_CERT_PRIV_KEY_TLV, storedPrivateKey(bytes(identity.deviceKey), 'the device key')),
  ];
}

export interface SecureCertBuildOptions extends Pick<OutputRule, 'force'> {
  /** Bytes of the partition; without it, what the firmware's default table has. */
  readonly size?: number | undefined;
}

/** Files that the CSV names are looked for beside it. Returns the entries' rows as read back from the image. */
export async function buildSecureCertFile(
  csv: string,
  output: string,
  options: SecureCertBuildOptions = {},
): Promise<Uint8Array> {
  const entries = parseSecureCertCsv((await readInput(csv)).toString('utf8'), {
    readFile: (name) => {
      const file = isAbsolute(name) ? name : join(dirname(csv), name);
      try {
        return readFileSync(file);
      } catch (error) {
        throw fileError(error, 'read', file);
      }
    },
    certificate: (bytes) => storedCertificate(bytes, `a certificate of ${csv}`),
    privateKey: (bytes) => storedPrivateKey(bytes, `a key of ${csv}`),
  });
  return writeImage(entries, output, { ...options, inputs: [csv] });
}

export async function writeIdentityImage(
  identity: DeviceIdentity,
  output: string,
  options: SecureCertBuildOptions = {},
): Promise<Uint8Array> {
  return writeImage(identityEntries(identity), output, options);
}

/** An older image is replaced where its keys are in the new one. A board that came with its key may have the only other copy. */
async function writeImage(
  entries: readonly SecureCertEntry[],
  output: string,
  { size, ...rule }: SecureCertBuildOptions & OutputRule,
): Promise<Uint8Array> {
  const image = buildSecureCertImage(entries, sha256, size);
  const keys = privateKeys(entries);
  const canBeRemade = (existing: Uint8Array) => {
    const { entries: old, problems, used } = readSecureCertImage(existing, sha256);
    return used > 0 && problems.length === 0 && privateKeys(old).every((key) => keys.includes(key));
  };
  await writeOutput(output, image, { mode: 0o600, ...rule, canBeRemade });
  return image;
}

function privateKeys(entries: readonly SecureCertEntry[]): readonly string[] {
  return entries
    .filter(({ type }) => type === ESP_SECURE_CERT_PRIV_KEY_TLV)
    .map(({ data }) => Buffer.from(data).toString('hex'));
}

/** Throws UserError `not-secure-cert` where there is no entry at all. */
export async function readSecureCertFile(path: string): Promise<SecureCertContent> {
  const content = readSecureCertImage(await readInput(path), sha256);
  if (content.used === 0 && content.problems.length === 0)
    throw new UserError(
      'not-secure-cert',
      `${path} is not an esp_secure_cert image of the TLV format: it does not start with 0xBA5EBA11. Choose another file.`,
    );
  return content;
}

/** Each entry as a file, and the CSV that builds the image again. Never overwrites. Returns the CSV's path. */
export async function extractSecureCert(content: SecureCertContent, folder: string): Promise<string> {
  const rows: SecureCertRow[] = [];
  for (const { type, subtype, data } of content.entries) {
    if (type === SecureCertType.ESP_SECURE_CERT_INTEGRITY_TLV) continue;
    const isKey = type === ESP_SECURE_CERT_PRIV_KEY_TLV;
    const base = { type: secureCertTypeName(type).replace('type ', ''), subtype };
    const stem = { [ESP_SECURE_CERT_CA_CERT_TLV]: 'ca', [ESP_SECURE_CERT_DEV_CERT_TLV]: 'device', 2: 'device_key' }[
      type
    ];
    if (stem === undefined) {
      rows.push({ ...base, value: Buffer.from(data).toString('hex'), dataType: 'hex' });
      continue;
    }
    const isText = data.at(-1) === 0;
    const name = `${stem}_${subtype}.${isText ? 'pem' : 'der'}`;
    await writeNewFile(join(folder, name), isText ? data.subarray(0, -1) : data, { mode: isKey ? 0o600 : 0o644 });
    rows.push({ ...base, value: name, dataType: 'file', ...(isKey ? { keyType: 'plaintext' } : {}) });
  }
  const csv = join(folder, 'esp_secure_cert.csv');
  await writeNewFile(csv, formatSecureCertCsv(rows));
  return csv;
}

async function readInput(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw fileError(error, 'read', path);
  });
}
