import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChipSecurity, NO_SECURITY } from '../../../src/core/firmware/chipSecurity';
import { securitySummary } from '../../../src/core/firmware/securitySummary';

const open: ChipSecurity = { ...NO_SECURITY, source: 'efuse', manualEncrypt: true };
const text = (security: ChipSecurity) => securitySummary('ESP32', security).join(' ');

test('an open board: readable flash, any firmware, and how that is changed', () => {
  assert.match(text(open), /^The flash is readable.*Secure Boot is off\. On the bench that does no harm\./);
  assert.match(text(open), /set CONFIG_SECURE_FLASH_ENC_ENABLED and CONFIG_SECURE_BOOT in.*cannot be undone\.$/);
  assert.doesNotMatch(text(open), /JTAG/);
});

test('what is on is not asked for, and an open JTAG is what undoes it', () => {
  const closed: ChipSecurity = { ...open, secureBoot: true, flashEncryption: true, manualEncrypt: false };
  assert.match(text(closed), /^The flash is encrypted\. Only firmware that is signed.*JTAG is open/);
  assert.doesNotMatch(text({ ...closed, jtag: 'off' }), /JTAG|CONFIG/);
  assert.match(text({ ...open, flashEncryption: true }), /development mode.*set CONFIG_SECURE_BOOT in/);
  assert.match(text({ ...open, secureBoot: true }), /The flash is readable.*set CONFIG_SECURE_FLASH_ENC_ENABLED in/);
});

test('Secure Download Mode keeps the cable from reading, not the flash chip', () => {
  assert.match(
    text({ ...open, source: 'rom', secureDownload: true }),
    /^The flash is not encrypted: who reads.*not read\./,
  );
});

test('the ESP8266 has nothing of it', () => {
  assert.match(securitySummary('ESP8266', NO_SECURITY).join(' '), /^The ESP8266 has neither/);
});
