// AES-XTS-256 for NVS entries, and the key derivation of WPA, by node:crypto.
import { createCipheriv, createDecipheriv, pbkdf2Sync } from 'node:crypto';
import type { NvsCipher } from '../../core/firmware/nvsFormat';
import type { WifiKeyDerivation } from '../../core/firmware/nvsWifi';

const ALGORITHM = 'aes-256-xts';

/** `keys` are the 64 bytes of a key partition. */
export function nvsCipher(keys: Uint8Array): NvsCipher {
  return {
    encrypt: (entry, address) => createCipheriv(ALGORITHM, keys, tweak(address)).update(entry),
    decrypt: (entry, address) => createDecipheriv(ALGORITHM, keys, tweak(address)).update(entry),
  };
}

export const wifiMasterKey: WifiKeyDerivation = (password, ssid) => pbkdf2Sync(password, ssid, 4096, 32, 'sha1');

function tweak(address: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, address, true);
  return bytes;
}
