// Builds an esp_secure_cert image, byte for byte as Espressif's configure_esp_secure_cert.py does.
import { UserError } from '../errors';
import {
  SECURE_CERT_FOOT,
  SECURE_CERT_HEAD,
  SECURE_CERT_MAGIC,
  SECURE_CERT_SIZE,
  type SecureCertEntry,
  SecureCertType,
  type Sha256,
  secureCertCrc,
  secureCertEntrySize,
  secureCertTypeName,
} from './secureCertFormat';

/** ESP_SECURE_CERT_SUBTYPE_MAX (254) means "the latest" to the firmware and is never stored. */
const MAX_SUBTYPE = 253;
/** The firmware adds up an entry's size in 16 bits. */
const MAX_ENTRY = 0xffff;

/**
 * The entries one after the other, then the integrity entry with the SHA-256 of what stands before it. As long as it
 * needs; `size` is the partition's. Throws UserError where they do not fit.
 */
export function buildSecureCertImage(
  entries: readonly SecureCertEntry[],
  sha256: Sha256,
  size = SECURE_CERT_SIZE,
): Uint8Array {
  check(entries);
  const body = concat(entries.map(encode));
  const integrity: SecureCertEntry = {
    type: SecureCertType.ESP_SECURE_CERT_INTEGRITY_TLV,
    subtype: 0,
    flags: 0,
    data: sha256(body),
  };
  const image = concat([body, encode(integrity)]);
  if (image.length <= size) return image;
  throw new UserError(
    'secure-cert-full',
    `The entries need ${image.length} bytes, the esp_secure_cert partition has ${size}: ${image.length - size} too many. Enlarge the partition, or use an ECDSA P-256 key, whose certificates are shorter.`,
  );
}

function check(entries: readonly SecureCertEntry[]): void {
  if (entries.length === 0) throw new UserError('secure-cert-empty', 'There is no entry to build a partition from.');
  const seen = new Set<string>();
  for (const { type, subtype, data } of entries) {
    const name = secureCertTypeName(type);
    if (subtype > MAX_SUBTYPE)
      throw new UserError('secure-cert-entry', `${name} has the subtype ${subtype}; they go from 0 to ${MAX_SUBTYPE}.`);
    if (type === SecureCertType.ESP_SECURE_CERT_INTEGRITY_TLV)
      throw new UserError('secure-cert-entry', `${name} is added by itself. Leave it out.`);
    if (secureCertEntrySize(data.length) > MAX_ENTRY)
      throw new UserError('secure-cert-entry', `${name} has ${data.length} bytes; an entry holds less than 65520.`);
    const id = `${type} ${subtype}`;
    if (seen.has(id))
      throw new UserError(
        'secure-cert-duplicate',
        `${name} with the subtype ${subtype} comes twice. Give the second one another subtype.`,
      );
    seen.add(id);
  }
}

function encode({ type, subtype, flags, data }: SecureCertEntry): Uint8Array {
  const bytes = new Uint8Array(secureCertEntrySize(data.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, SECURE_CERT_MAGIC, true);
  bytes[4] = flags;
  bytes[8] = type;
  bytes[9] = subtype;
  view.setUint16(10, data.length, true);
  bytes.set(data, SECURE_CERT_HEAD);
  const foot = bytes.length - SECURE_CERT_FOOT;
  view.setUint32(foot, secureCertCrc(bytes.subarray(0, foot)), true);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
