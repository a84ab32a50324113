// Reads an esp_secure_cert partition as the firmware does, and says what is wrong with it.
import {
  SECURE_CERT_FOOT,
  SECURE_CERT_HEAD,
  SECURE_CERT_MAGIC,
  type SecureCertEntry,
  SecureCertType,
  type Sha256,
  secureCertCrc,
  secureCertEntrySize,
  secureCertTypeName,
} from './secureCertFormat';

export interface SecureCertContent {
  /** In the order of the partition; what has a wrong checksum is left out, as the firmware refuses it. */
  readonly entries: readonly (SecureCertEntry & { readonly offset: number })[];
  /** Plain sentences. */
  readonly problems: readonly string[];
  /** Bytes up to the end of the last entry. */
  readonly used: number;
}

/** Never throws. An image without any entry has `used` 0. */
export function readSecureCertImage(image: Uint8Array, sha256: Sha256): SecureCertContent {
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  const entries: (SecureCertEntry & { offset: number })[] = [];
  const problems: string[] = [];
  let at = 0;
  while (at + SECURE_CERT_HEAD <= image.length && view.getUint32(at, true) === SECURE_CERT_MAGIC) {
    const length = view.getUint16(at + 10, true);
    const entry = {
      type: image[at + 8] ?? 0,
      subtype: image[at + 9] ?? 0,
      flags: image[at + 4] ?? 0,
      data: image.slice(at + SECURE_CERT_HEAD, at + SECURE_CERT_HEAD + length),
      offset: at,
    };
    const name = `${secureCertTypeName(entry.type)} (subtype ${entry.subtype})`;
    const end = at + secureCertEntrySize(length);
    if (end > image.length) {
      problems.push(`${name} is cut off: it needs ${end - image.length} bytes more than there are.`);
      break;
    }
    const foot = end - SECURE_CERT_FOOT;
    if (view.getUint32(foot, true) === secureCertCrc(image.subarray(at, foot))) {
      problems.push(...remark(entry, entries, image, sha256, name));
      entries.push(entry);
    } else problems.push(`${name} has a wrong checksum: the firmware will not read it.`);
    at = end;
  }
  if (image.subarray(at).some((byte) => byte !== 0xff) && at > 0)
    problems.push(`Behind the last entry, at 0x${at.toString(16)}, lies something that no firmware reads.`);
  return { entries, problems, used: at };
}

function remark(
  entry: SecureCertEntry & { readonly offset: number },
  before: readonly SecureCertEntry[],
  image: Uint8Array,
  sha256: Sha256,
  name: string,
): string[] {
  if (before.some(({ type, subtype }) => type === entry.type && subtype === entry.subtype))
    return [`${name} comes twice: the firmware reads the first.`];
  if (entry.type !== SecureCertType.ESP_SECURE_CERT_INTEGRITY_TLV) return [];
  const digest = sha256(image.subarray(0, entry.offset));
  return digest.every((byte, i) => byte === entry.data[i])
    ? []
    : ['The SHA-256 in the integrity entry does not match what stands before it.'];
}
