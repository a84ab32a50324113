import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkKeyForStack, parseBoardStack } from '../../../src/core/pki/boardStack';
import { keyKinds } from '../../../src/core/pki/keyKind';
import { userError } from '../../support/userError';

test('a stack is known by its id, in any case; another is refused with the list', () => {
  assert.equal(parseBoardStack('BearSSL'), 'bearssl');
  assert.throws(() => parseBoardStack('wolfssl'), userError('board-stack', /bearssl-basic/));
});

test('BearSSL without elliptic curves refuses them with the alternative, for a leaf and for an authority', () => {
  const leaf = { kind: 'ecdsa-p256', name: 'board-1', isAuthority: false } as const;
  assert.throws(
    () => checkKeyForStack('bearssl-basic', leaf),
    userError('stack-algorithm', /ECDSA P-256 key\. Choose RSA 2048 \(--key-type rsa-2048\) for "board-1"/),
  );
  assert.throws(
    () => checkKeyForStack('bearssl-basic', { ...leaf, isAuthority: true }),
    userError('stack-algorithm', /cannot verify what "board-1" signs.*--key-type rsa-2048/),
  );
  checkKeyForStack('bearssl-basic', { ...leaf, kind: 'rsa-4096' });
});

test('every other stack takes every kind of key that we make', () => {
  for (const stack of ['any', 'mbedtls-2.28', 'mbedtls-3', 'mbedtls-3.5', 'bearssl'] as const)
    for (const kind of Object.keys(keyKinds) as (keyof typeof keyKinds)[])
      checkKeyForStack(stack, { kind, name: 'x', isAuthority: false });
});
