import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateRemarks } from '../../../src/core/pki/certificateRemarks';
import type { Certificate } from '../../../src/core/x509/certificate';

/** What a good broker certificate looks like; each test spoils one thing. */
const good = {
  version: 3,
  serial: '0A',
  subject: { text: 'CN=broker', commonName: 'broker', parts: [], der: new Uint8Array() },
  issuer: { text: 'CN=CA', commonName: 'CA', parts: [], der: new Uint8Array() },
  notBefore: Date.parse('2026-01-01T00:00:00Z'),
  notAfter: Date.parse('2030-01-01T00:00:00Z'),
  publicKey: { algorithm: 'ec', oid: '', curve: 'prime256v1', bits: 256 },
  signatureAlgorithm: { oid: '', name: 'ecdsa-with-SHA256', key: 'ec', hash: 'sha256' },
  extensions: [],
  extendedKeyUsage: ['serverAuth'],
  keyUsage: ['digitalSignature'],
  subjectAltNames: [{ type: 'dns', value: 'broker' }],
  basicConstraints: { ca: false },
} as unknown as Certificate;
const now = Date.parse('2026-05-01T00:00:00Z');
const spoiled = (change: object) => certificateRemarks({ ...good, ...change } as Certificate, now).join(' ');

test('a good certificate has no remark', () => {
  assert.deepEqual(certificateRemarks(good, now), []);
});

for (const [what, change, remark] of [
  ['expired', { notAfter: now - 1 }, /expired on 2026-04-30.*ESP32 ignores dates/],
  ['about to expire', { notAfter: now + 5 * 86_400_000 }, /expires in 5 days/],
  ['not valid yet', { notBefore: now + 1 }, /valid only from/],
  ['a short RSA key', { publicKey: { algorithm: 'rsa', bits: 1024 } }, /only 1024 bits/],
  ['an Ed25519 key', { publicKey: { algorithm: 'ed25519', bits: 256 } }, /cannot be used by Mbed TLS/],
  ['SHA-1', { signatureAlgorithm: { name: 'sha1WithRSAEncryption', hash: 'sha1' } }, /boards and OpenSSL refuse/],
  ['no names', { subjectAltNames: undefined }, /no subject alternative name.*"broker"/],
  ['an address only', { subjectAltNames: [{ type: 'ip', value: '10.0.0.1' }] }, /before 3\.5.*10\.0\.0\.1/],
  ['no purpose', { extendedKeyUsage: undefined }, /what it is for/],
  ['an authority that may not sign', { basicConstraints: { ca: true } }, /does not let it sign/],
  ['version 1', { version: 1 }, /version 1/],
  ['a negative serial number', { serial: '-0A' }, /negative/],
] as const)
  test(`a remark about ${what}`, () => {
    assert.match(spoiled(change), remark);
  });

test('an address that is a DNS name too is no remark, nor are missing names of a client', () => {
  const names = [
    { type: 'dns', value: '10.0.0.1' },
    { type: 'ip', value: '10.0.0.1' },
  ];
  assert.equal(spoiled({ subjectAltNames: names }), '');
  assert.equal(spoiled({ subjectAltNames: undefined, extendedKeyUsage: ['clientAuth'] }), '');
});
