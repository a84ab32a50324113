import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chipByName } from '../../../../src/core/firmware/chips';
import { efuseMeaning } from '../../../../src/core/firmware/efuses/efuseMeanings';
import { efuseRows } from '../../../../src/core/firmware/efuses/efuseRows';
import { efuseMarkdown, efuseText } from '../../../../src/core/firmware/efuses/efuseSummary';
import { efuseBits, efuseRegisters } from '../../../../src/core/firmware/efuses/efuseTable';
import { efuseTableOf } from '../../../../src/core/firmware/efuses/efuseTables';

const CHIPS = ['', '-S2', '-S3', '-C2', '-C3', '-C5', '-C6', '-C61', '-H2', '-P4'].map((suffix) => `ESP32${suffix}`);

describe('the eFuse tables', () => {
  for (const name of CHIPS)
    it(`${name}: every field lies within its block, and in block 0 no two overlap`, () => {
      const target = chipByName(name)?.target ?? assert.fail(name);
      for (const revision of [0, 101, 300]) {
        const table = efuseTableOf(target, revision) ?? assert.fail(name);
        const taken = new Map<number, string>();
        for (const field of table.fields.values()) {
          assert.ok(field.bit + field.width <= field.block.words * 32, field.name);
          if (field.block.name !== 'BLOCK0') continue;
          for (let bit = field.bit; bit < field.bit + field.width; bit++) {
            assert.equal(taken.get(bit), undefined, `bit ${bit} of ${field.name}`);
            taken.set(bit, field.name);
          }
        }
      }
    });

  it('knows which revision a field belongs to', () => {
    const has = (target: string, revision: number | undefined, name: string) =>
      efuseTableOf(target, revision)?.fields.has(name);
    const early = 'ECDSA_FORCE_USE_HARDWARE_K';
    assert.deepEqual(
      [0, 101, 102, undefined].map((r) => has('esp32h2', r, early)),
      [true, true, false, false],
    );
    assert.deepEqual(
      [103, 300].map((r) => has('esp32p4', r, 'KEY_PURPOSE_0_H')),
      [false, true],
    );
    assert.equal(efuseTableOf('esp8266'), undefined);
  });

  it('reads a field across words, from any bit on', () => {
    const { fields } = efuseTableOf('esp32c3') ?? assert.fail();
    const wafer = fields.get('SPI_PAD_CONFIG_CS') ?? assert.fail(); // bits 66 to 71
    assert.equal(efuseBits(wafer, new Map([[wafer.block.register + 8, 0b101101 << 2]])), 0b101101n);
    const across = fields.get('SPI_PAD_CONFIG_D') ?? assert.fail(); // bits 60 to 65
    const words = new Map([
      [across.block.register + 4, 0xf0000000],
      [across.block.register + 8, 0b10],
    ]);
    assert.equal(efuseBits(across, words), 0b101111n);
    assert.deepEqual(efuseRegisters({ fields, purposes: {} }, ['SPI_PAD_CONFIG_D', 'NO_SUCH_FIELD']), [
      ...words.keys(),
    ]);
  });

  it('says of a board from the shop that nothing but its identity is burnt', () => {
    const table = efuseTableOf('esp32c3') ?? assert.fail();
    const text = efuseText(efuseRows(table, new Map([[0x60008844, 0x28c01ddb]])));
    assert.match(text, /^eFuses burnt \(1 of 85 fields\):\n {2}MAC {2}00:00:28:c0:1d:db\n\nNot burnt: /);
    assert.doesNotMatch(text, /locked/);
    assert.match(efuseText(efuseRows(table, new Map())), /^eFuses burnt \(0 of 85 fields\):\n\nNot burnt: /);
  });

  it('shows a digest in words that a table can break, and a key as what it is', () => {
    const table = efuseTableOf('esp32c3') ?? assert.fail();
    const purposes = (4 << 24) | (9 << 28);
    const words = new Map([
      [0x60008834, purposes >>> 0],
      [0x6000889c, 7],
      [0x600088bc, 0x12345678],
    ]);
    const text = efuseMarkdown(efuseRows(table, words));
    assert.match(text, /^\| BLOCK_KEY1 \| `78563412(?: 00000000){7}` \|/m);
    assert.match(text, /^\| BLOCK_KEY0 \| burnt, not shown \|/m);
  });

  it('tells what a burnt field means by its value', () => {
    assert.match(efuseMeaning('SPI_BOOT_CRYPT_CNT', 3) ?? '', /is off again/);
    assert.match(efuseMeaning('SOFT_DIS_JTAG', 7) ?? '', /is on/);
    assert.match(efuseMeaning('UART_PRINT_CONTROL', 3) ?? '', /prints nothing/);
    assert.equal(efuseMeaning('CODING_SCHEME', 2), undefined);
    assert.equal(efuseMeaning('K_RTC_LDO', 5), undefined);
  });
});
