// The identity in the esp_secure_cert partition, where Espressif's esp_secure_cert_mgr looks for it.
import { UserError } from '../../core/errors';
import type { Partition } from '../../core/firmware/partitionTable';
import { SecureCertType, secureCertTypeName } from '../../core/firmware/secureCertFormat';
import { buildSecureCertImage } from '../../core/firmware/secureCertImage';
import { readSecureCertImage } from '../../core/firmware/secureCertReader';
import type { DeviceIdentity } from '../pki/identityFiles';
import { type IdentityWrite, isBlank } from './identityWrite';
import { identityEntries, sha256 } from './secureCertFiles';

const OURS: readonly number[] = [
  SecureCertType.ESP_SECURE_CERT_CA_CERT_TLV,
  SecureCertType.ESP_SECURE_CERT_DEV_CERT_TLV,
  SecureCertType.ESP_SECURE_CERT_PRIV_KEY_TLV,
];
/** Made for the bytes before them: they would not fit the new ones. */
const SEALS: readonly number[] = [
  SecureCertType.ESP_SECURE_CERT_SIGNATURE_BLOCK_TLV,
  SecureCertType.ESP_SECURE_CERT_INTEGRITY_TLV,
];

/** Entries of other types and subtypes stay. Refuses a key that the chip itself holds. */
export function writeIdentityToSecureCert(
  bytes: Uint8Array,
  partition: Partition,
  identity: DeviceIdentity,
): IdentityWrite {
  const { entries, problems } = readSecureCertImage(bytes, sha256);
  const hardware = entries.find(
    ({ type, flags }) => type === SecureCertType.ESP_SECURE_CERT_DS_DATA_TLV || (type === OURS[2] && flags !== 0),
  );
  if (hardware)
    throw new UserError(
      'secure-cert-hardware-key',
      `The partition "${partition.label}" of this board goes with a key in the chip's eFuses (${secureCertTypeName(hardware.type)}), which is better than what would be written here. It was left as it is.`,
    );
  const kept = entries.filter(({ type, subtype }) => !(OURS.includes(type) && subtype === 0) && !SEALS.includes(type));
  const image = buildSecureCertImage([...identityEntries(identity), ...kept], sha256, partition.size);
  const whole = new Uint8Array(partition.size).fill(0xff);
  whole.set(image);
  const signed = entries.some(({ type }) => type === SecureCertType.ESP_SECURE_CERT_SIGNATURE_BLOCK_TLV);
  return {
    partition,
    storage: 'secure-cert',
    steps: [[{ offset: partition.offset, bytes: whole, name: `partition "${partition.label}"` }]],
    decisive: 0,
    safe: isBlank(bytes),
    before: isBlank(bytes) ? undefined : bytes,
    kept: kept.length,
    notes: [
      ...(isBlank(bytes) ? [] : problems),
      ...(signed
        ? ['The partition was signed; the signature does not fit the new content and was left out. Sign it again.']
        : []),
    ],
  };
}
