import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NO_SECURITY,
  oddBits,
  securityFromEfuses,
  securityFromReport,
  securityRows,
} from '../../../src/core/firmware/chipSecurity';
import { efuseFields, efuseRegisters, efuseValue } from '../../../src/core/firmware/efuseFields';

const esp32 = efuseFields['esp32']!;
const esp32c3 = efuseFields['esp32c3']!;
const BLOCK0 = 0x3ff5a000;

describe('the ESP32, which has eFuses only', () => {
  const word6 = (bits: number) => new Map([[BLOCK0 + 6 * 4, bits]]);

  it('has Secure Boot V1 by ABS_DONE_0, and V2 by ABS_DONE_1 from v3.0 on', () => {
    assert.equal(securityFromEfuses(esp32, word6(1 << 4), 100).secureBootVersion, 1);
    assert.equal(securityFromEfuses(esp32, word6(1 << 5), 300).secureBootVersion, 2);
    assert.equal(securityFromEfuses(esp32, word6(1 << 5), 100).secureBoot, false);
  });

  it('encrypts while an odd number of FLASH_CRYPT_CNT bits is burnt', () => {
    const count = (bits: number) => securityFromEfuses(esp32, new Map([[BLOCK0, bits << 20]]), 100).flashEncryption;
    assert.deepEqual([0, 1, 3, 7, 15].map(count), [false, true, false, true, false]);
  });

  it('tells that its loader can no longer encrypt', () => {
    assert.equal(securityFromEfuses(esp32, word6(1 << 7), 100).manualEncrypt, false);
  });
});

it('joins a field that is split over two registers, the first part being the higher', () => {
  const [high, low] = esp32c3.revisionMinor;
  const words = new Map([
    [high!.register, 1 << 23],
    [low!.register, 5 << 18],
  ]);
  assert.equal(efuseValue(esp32c3.revisionMinor, words), 13);
});

it('reads each register once', () => {
  const registers = efuseRegisters(esp32c3);
  assert.equal(new Set(registers).size, registers.length);
  assert.ok(registers.length <= 6, `${registers.length} registers`);
});

it('calls JTAG disabled by software when an odd number of SOFT_DIS_JTAG bits is burnt', () => {
  const soft = (bits: number) => securityFromEfuses(esp32c3, new Map([[0x60008830, bits << 16]]), 4).jtag;
  assert.deepEqual([0, 1, 3, 7].map(soft), ['open', 'soft', 'open', 'soft']);
});

it('shows what is burnt in words, and nothing for a chip without it', () => {
  assert.deepEqual(securityRows(NO_SECURITY), []);
  const report = {
    flags: { SECURE_BOOT_EN: true, SECURE_DOWNLOAD_ENABLE: true, SECURE_BOOT_KEY_REVOKE1: true, SOFT_DIS_JTAG: true },
    cryptCount: 7,
    keyPurposes: [9, 4, 0, 0, 0, 99, 0],
  };
  assert.deepEqual(Object.fromEntries(securityRows(securityFromReport(report))), {
    'Secure boot': 'on (V2), revoked: digest 1',
    'Flash encryption': 'on (count 0x7)',
    'Download mode': 'secure: writing only',
    JTAG: 'disabled by software',
    'eFuse keys': 'KEY0 SECURE_BOOT_DIGEST0, KEY1 XTS_AES_128_KEY, KEY5 purpose 99',
  });
});

it('counts bits', () => {
  assert.deepEqual([0, 1, 2, 3, 127].map(oddBits), [false, true, true, false, true]);
});
