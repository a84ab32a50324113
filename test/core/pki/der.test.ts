import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, integer, objectIdentifier, sequence } from '../../../src/core/pki/der';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('integers are minimal and positive', () => {
  assert.equal(hex(integer(0)), '020100');
  assert.equal(hex(integer(127)), '02017f');
  assert.equal(hex(integer(128)), '02020080');
  assert.equal(hex(integer(600_000)), '02030927c0');
});

test('object identifiers are coded in base 128', () => {
  assert.equal(hex(objectIdentifier('1.2.840.113549.1.5.13')), '06092a864886f70d01050d');
  assert.equal(hex(objectIdentifier('2.16.840.1.101.3.4.1.42')), '060960864801650304012a');
});

test('lengths grow to the long form at 128 and 256 bytes', () => {
  assert.equal(hex(element(4, new Uint8Array(127)).subarray(0, 2)), '047f');
  assert.equal(hex(element(4, new Uint8Array(128)).subarray(0, 3)), '048180');
  assert.equal(hex(element(4, new Uint8Array(256)).subarray(0, 4)), '04820100');
  assert.equal(hex(sequence(integer(1), integer(2))), '3006020101020102');
});
