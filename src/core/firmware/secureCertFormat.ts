// The esp_secure_cert partition: entries with a 12-byte head, data padded to 16 bytes, and a CRC-32.
// https://github.com/espressif/esp_secure_cert_mgr/blob/main/docs/format.md
import { crc32 } from './crc32';

/** How ESP-IDF's tables name it: `esp_secure_cert, 0x3F, , 0xD000, 0x2000, encrypted`. */
export const SECURE_CERT_LABEL = 'esp_secure_cert';
export const SECURE_CERT_PARTITION_TYPE = 0x3f;
export const SECURE_CERT_SIZE = 0x2000;

export const SECURE_CERT_MAGIC = 0xba5eba11;
export const SECURE_CERT_HEAD = 12;
export const SECURE_CERT_FOOT = 4;
/** What flash encryption can write at once. */
const ALIGNMENT = 16;

/** esp_secure_cert_tlv_type_t by the names of Espressif's tool. */
export const SecureCertType = {
  ESP_SECURE_CERT_CA_CERT_TLV: 0,
  ESP_SECURE_CERT_DEV_CERT_TLV: 1,
  ESP_SECURE_CERT_PRIV_KEY_TLV: 2,
  ESP_SECURE_CERT_DS_DATA_TLV: 3,
  ESP_SECURE_CERT_DS_CONTEXT_TLV: 4,
  ESP_SECURE_CERT_ECDSA_KEY_SALT_TLV: 5,
  ESP_SECURE_CERT_SEC_CFG_TLV: 6,
  ESP_SECURE_CERT_TEE_SEC_STORAGE_KEY_TLV: 7,
  ESP_SECURE_CERT_SIGNATURE_BLOCK_TLV: 8,
  ESP_SECURE_CERT_INTEGRITY_TLV: 9,
  ESP_SECURE_CERT_USER_DATA_1_TLV: 51,
  ESP_SECURE_CERT_USER_DATA_2_TLV: 52,
  ESP_SECURE_CERT_USER_DATA_3_TLV: 53,
  ESP_SECURE_CERT_USER_DATA_4_TLV: 54,
  ESP_SECURE_CERT_USER_DATA_5_TLV: 55,
} as const;

/** Bits of an entry's flags: where the private key really is. */
export const SecureCertFlag = { hmacEncrypted: 0x80, hmacDerivedEcdsa: 0x40, ecdsaPeripheral: 0x08 } as const;

export interface SecureCertEntry {
  readonly type: number;
  /** Tells several entries of one type apart; 0 is the one that firmware reads by default. */
  readonly subtype: number;
  readonly flags: number;
  /** Texts end with a NUL. */
  readonly data: Uint8Array;
}

/** SHA-256 comes from outside: core has no crypto. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export function secureCertTypeName(type: number): string {
  return Object.entries(SecureCertType).find(([, number]) => number === type)?.[0] ?? `type ${type}`;
}

/** Bytes of an entry in flash. */
export function secureCertEntrySize(dataLength: number): number {
  return SECURE_CERT_HEAD + dataLength + ((ALIGNMENT - (dataLength % ALIGNMENT)) % ALIGNMENT) + SECURE_CERT_FOOT;
}

/** Over head, data and padding, from 0xFFFFFFFF on, as esp_crc32_le does. */
export function secureCertCrc(bytes: Uint8Array): number {
  return crc32(bytes, 0xffffffff);
}
