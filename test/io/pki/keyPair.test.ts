import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import {
  checkPassphrase,
  encryptedPrivateKeyPem,
  generatePrivateKey,
  keyKindOf,
  privateKeyPem,
  readPrivateKey,
} from '../../../src/io/pki/keyPair';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const PASSPHRASE = 'größer als acht';

test('an encrypted key opens with its passphrase and with no other', async () => {
  const key = await generatePrivateKey('ecdsa-p256');
  const pem = await encryptedPrivateKeyPem(key, PASSPHRASE);
  assert.ok(readPrivateKey(pem, 'ca.key', PASSPHRASE).equals(key));
  assert.throws(() => readPrivateKey(pem, 'ca.key', 'wrong one'), userError('passphrase', /does not open ca\.key/));
  assert.throws(() => readPrivateKey(pem, 'ca.key'), userError('passphrase', /encrypted/));
});

test('openssl reads the encrypted key, and it uses AES-256 and 600,000 rounds of PBKDF2', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const key = await generatePrivateKey('ecdsa-p256');
  const pem = await encryptedPrivateKeyPem(key, PASSPHRASE);
  const run = (...args: string[]) =>
    execFileSync(openssl, args, { input: pem, encoding: 'utf8', env: { ...process.env, P: PASSPHRASE } });
  assert.ok(createPrivateKey(run('pkey', '-passin', 'env:P')).equals(key));
  assert.match(run('asn1parse'), /PBES2[\s\S]*PBKDF2[\s\S]*INTEGER +:0927C0[\s\S]*hmacWithSHA256[\s\S]*aes-256-cbc/);
});

test('a cut or changed key is called damaged, not wrongly unlocked', async () => {
  const pem = await encryptedPrivateKeyPem(await generatePrivateKey('ecdsa-p256'), PASSPHRASE);
  const lines = pem.split('\n');
  const cut = [...lines.slice(0, 3), ...lines.slice(4)].join('\n');
  assert.throws(() => readPrivateKey(cut, 'ca.key', PASSPHRASE), userError('private-key', /damaged/));
  assert.throws(() => readPrivateKey(pem.slice(0, 100), 'ca.key', PASSPHRASE), userError('private-key'));
  assert.throws(() => readPrivateKey('hello', 'x.key'), userError('private-key', /x\.key/));
});

test('the kind of every key that we make is known again', async () => {
  for (const kind of ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const) {
    const key = createPrivateKey(privateKeyPem(await generatePrivateKey(kind)));
    assert.equal(keyKindOf(key), kind);
  }
});

test('a short passphrase is refused', () => {
  assert.throws(() => checkPassphrase('1234567'), userError('passphrase', /at least 8/));
});
