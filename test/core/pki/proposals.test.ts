import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCommonName } from '../../../src/core/pki/commonName';
import { proposeAuthorityName, proposeDeviceName } from '../../../src/core/pki/proposals';

test('the proposed authority name is always a good common name', () => {
  assert.equal(proposeAuthorityName('greenhouse'), 'greenhouse CA');
  assert.equal(proposeAuthorityName('温室'), 'Workshop CA');
  for (const name of ['', 'x'.repeat(200), 'Gewächshaus', '\t']) checkCommonName(proposeAuthorityName(name));
});

test('the proposed device is the first free number', () => {
  assert.equal(proposeDeviceName([]), 'esp32-device-001');
  assert.equal(proposeDeviceName(['esp32-device-001', 'esp32-device-003', 'x']), 'esp32-device-002');
});
