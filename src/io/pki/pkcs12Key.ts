// Key derivation of PKCS#12 (RFC 7292 appendix B.2), for the check of the passphrase and for older encryption.
import { createHash } from 'node:crypto';

/** 1: a cipher's key, 2: its initial vector, 3: the key of the check over the file. */
export type Pkcs12Purpose = 1 | 2 | 3;

const BLOCK = 64;

/** `length` bytes from the passphrase; `hash` is sha1 or sha256, both of which work in blocks of 64 bytes. */
export function pkcs12Key(
  hash: 'sha1' | 'sha256',
  passphrase: string,
  options: { salt: Uint8Array; iterations: number; purpose: Pkcs12Purpose; length: number },
): Buffer {
  const password = Buffer.concat([Buffer.from(passphrase, 'utf16le').swap16(), Buffer.alloc(2)]);
  const filled = (bytes: Uint8Array) => Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK, bytes);
  const input = Buffer.concat([filled(options.salt), filled(password)]);
  const out: Buffer[] = [];
  for (let size = 0; size < options.length; ) {
    let digest: Buffer = Buffer.concat([Buffer.alloc(BLOCK, options.purpose), input]);
    for (let i = 0; i < options.iterations; i++) digest = createHash(hash).update(digest).digest();
    out.push(digest);
    size += digest.length;
    for (let at = 0; at < input.length; at += BLOCK)
      addOne(input.subarray(at, at + BLOCK), Buffer.alloc(BLOCK, digest));
  }
  return Buffer.concat(out).subarray(0, options.length);
}

/** `block` += `other` + 1, as big-endian numbers of the same size. */
function addOne(block: Buffer, other: Buffer): void {
  let carry = 1;
  for (let i = block.length - 1; i >= 0; i--) {
    carry += (block[i] ?? 0) + (other[i] ?? 0);
    block[i] = carry & 0xff;
    carry >>= 8;
  }
}
