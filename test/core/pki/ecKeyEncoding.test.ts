import assert from 'node:assert/strict';
import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { ecCurves, ecKeyEncoding } from '../../../src/core/pki/ecKeyEncoding';

const curves = [
  ['ecdsa-p256', 'prime256v1'],
  ['ecdsa-p384', 'secp384r1'],
] as const;

for (const [kind, name] of curves) {
  test(`${kind}: byte for byte what OpenSSL writes, over 300 keys, short numbers among them`, () => {
    const encoding = ecKeyEncoding(ecCurves[kind]);
    const pair = createECDH(name);
    for (let i = 0; i < 300; i++) {
      // One key in 256 begins with a zero octet, which OpenSSL's number leaves out; these are sure to.
      if (i < 3) pair.setPrivateKey(Buffer.from([i + 1, 2, 3, 4]));
      else pair.generateKeys();
      const pkcs8 = encoding.privateKey(pair.getPrivateKey(), pair.getPublicKey());
      const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
      assert.deepEqual(Buffer.from(pkcs8), key.export({ format: 'der', type: 'pkcs8' }));
      const spki = Buffer.from(encoding.publicKey(pair.getPublicKey()));
      assert.deepEqual(spki, createPublicKey(key).export({ format: 'der', type: 'spki' }));
    }
  });
}

test('a point of another curve is refused instead of cut', () => {
  const encoding = ecKeyEncoding(ecCurves['ecdsa-p256']);
  assert.throws(() => encoding.publicKey(new Uint8Array(97)), /97 octets/);
});
