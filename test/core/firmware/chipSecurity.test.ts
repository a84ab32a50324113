import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NO_SECURITY,
  securityFromEfuses,
  securityFromReport,
  securityRows,
} from '../../../src/core/firmware/chipSecurity';
import { oddBits, splitEfuse } from '../../../src/core/firmware/efuses/efuseTable';
import { efuseTableOf } from '../../../src/core/firmware/efuses/efuseTables';

const esp32 = efuseTableOf('esp32')!;
const esp32c3 = efuseTableOf('esp32c3')!;
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

it('joins a number that is split over two registers, its upper bits by themselves', () => {
  const words = new Map([
    [0x60008858, 1 << 23],
    [0x60008850, 5 << 18],
  ]);
  assert.equal(splitEfuse(esp32c3, words, 'WAFER_VERSION_MINOR'), 13);
});

it('reads the purpose of a key from five bits on the ESP32-P4 from v3.0 on', () => {
  const words = new Map([
    [0x5012d034, 2 << 24],
    [0x5012d03c, 1 << 27],
  ]);
  const keys = (revision: number) => securityFromEfuses(efuseTableOf('esp32p4', revision)!, words, revision).keys;
  assert.deepEqual(keys(103), [{ block: 0, purpose: 'XTS_AES_256_KEY_1' }]);
  assert.deepEqual(keys(300), [{ block: 0, purpose: 'ECDSA_KEY_P384_H' }]);
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
  assert.deepEqual(Object.fromEntries(securityRows(securityFromReport(report, esp32c3.purposes))), {
    'Secure boot': 'on (V2), revoked: digest 1',
    'Flash encryption': 'on (count 0x7)',
    'Download mode': 'secure: writing only',
    JTAG: 'disabled by software',
    'eFuse keys': 'KEY0 SECURE_BOOT_DIGEST0, KEY1 XTS_AES_128_KEY, KEY5 CUSTOM_99',
  });
});

it('counts bits', () => {
  assert.deepEqual([0, 1, 2, 3, 127].map(oddBits), [false, true, true, false, true]);
});
