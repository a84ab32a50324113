import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCommonName } from '../../../src/core/pki/commonName';
import { userError } from '../../support/userError';

test('a plain name is taken without its surrounding spaces', () => {
  assert.equal(checkCommonName(' Workshop CA '), 'Workshop CA');
});

test('64 characters are allowed, 65 are not', () => {
  assert.equal(checkCommonName('a'.repeat(64)).length, 64);
  assert.throws(() => checkCommonName('a'.repeat(65)), userError('common-name', /65 characters.*64/));
});

test('an empty name is refused', () => {
  assert.throws(() => checkCommonName('  '), userError('common-name', /empty/));
});

test('letters outside ASCII are refused with the spelling to use instead', () => {
  assert.throws(() => checkCommonName('Größe-Süd'), userError('common-name', /Write "Grosse-Sud"/));
  assert.throws(() => checkCommonName('設備'), userError('common-name', /letters A to Z/));
});

test('control characters are refused', () => {
  assert.throws(() => checkCommonName('a\nb'), userError('common-name'));
});

test('a line break or another control character is called what it is', () => {
  assert.throws(() => checkCommonName('a\nb'), /control character \(code 10\).*one line/);
});
