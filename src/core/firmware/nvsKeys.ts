// The key partition of an encrypted NVS: AES-XTS-256 keys (64 bytes) and their checksum, at the start of a flash page.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-reference/storage/nvs_encryption.html
import { UserError } from '../errors';
import { crc32 } from './crc32';
import { NVS_PAGE_SIZE } from './nvsFormat';

export const NVS_KEY_LENGTH = 64;

/** A 4096-byte `nvs_keys` partition for the `keys` (64 random bytes). */
export function makeNvsKeyPartition(keys: Uint8Array): Uint8Array {
  const page = new Uint8Array(NVS_PAGE_SIZE).fill(0xff);
  page.set(keys.subarray(0, NVS_KEY_LENGTH));
  new DataView(page.buffer).setUint32(NVS_KEY_LENGTH, crc32(keys.subarray(0, NVS_KEY_LENGTH), 0xffffffff), true);
  return page;
}

/** The keys of such a partition or of a file with just the 64 bytes. */
export function readNvsKeys(file: Uint8Array): Uint8Array {
  const keys = file.slice(0, NVS_KEY_LENGTH);
  const wrong = (what: string) =>
    new UserError(
      'nvs-keys',
      `${what} Make one with "secure-iot nvs keys FILE", or take the one the image was built with.`,
    );
  if (keys.length < NVS_KEY_LENGTH) throw wrong('The key file has fewer than 64 bytes.');
  if (keys.every((byte) => byte === 0xff)) throw wrong('The key file is empty (all 0xFF).');
  if (file.length >= NVS_KEY_LENGTH + 4) {
    const stored = new DataView(file.buffer, file.byteOffset).getUint32(NVS_KEY_LENGTH, true);
    if (stored !== crc32(keys, 0xffffffff)) throw wrong('The checksum of the key file is wrong.');
  }
  return keys;
}
