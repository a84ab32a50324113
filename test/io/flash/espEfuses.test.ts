// The eFuse summary of every chip against Espressif's espefuse, over randomly burnt boards; and that it writes nothing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { chipByName } from '../../../src/core/firmware/chips';
import type { EfuseRow } from '../../../src/core/firmware/efuses/efuseRows';
import { type EfuseField, efuseRegisters } from '../../../src/core/firmware/efuses/efuseTable';
import { efuseTableOf } from '../../../src/core/firmware/efuses/efuseTables';
import { readEfuses } from '../../../src/io/flash/espEfuses';
import { withLoader } from '../../../src/io/flash/espSession';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { runTool } from '../../support/runTool';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { chipModels } from '../../virtualBoard/chipModels';
import type { BurntFuses } from '../../virtualBoard/fuses';
import { SlipDecoder } from '../../virtualBoard/slip';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

/** As espefuse's `summary --format json` has it. */
interface TheirFuse {
  readonly value: unknown;
  readonly raw_value: string;
  readonly readable: boolean;
  readonly writeable: boolean;
  readonly block: number;
  readonly word: number | null;
  readonly pos: number | null;
}

function generator(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}

/** What would make the board another one, or one that a tool does not talk to, is left as it is. */
const FIXED = /VERSION|^BLK3_PART|^CHIP_|^MAC|REV|CODING|^PKG|^PACKAGE|FLASH_CRYPT|ABS_DONE|SECURITY_DOWNLOAD/;

function randomBits(fields: Iterable<EfuseField>, seed: number): Map<number, number> {
  const next = generator(seed);
  const words = new Map<number, number>();
  const eachBit = (of: EfuseField[], change: (word: number, mask: number) => number) => {
    for (const { block, bit, width } of of)
      for (let at = bit; at < bit + width; at++) {
        const register = block.register + Math.floor(at / 32) * 4;
        words.set(register, change(words.get(register) ?? 0, 1 << (at % 32)) >>> 0);
      }
  };
  const all = [...fields];
  eachBit(all, (word, mask) => (next() % 3 === 0 ? word | mask : word));
  eachBit(
    all.filter(({ name }) => FIXED.test(name)),
    (word, mask) => word & ~mask,
  );
  return words;
}

interface Case {
  readonly chip: string;
  readonly name: string;
  readonly revision?: number;
  /** Beside the random ones. */
  readonly words?: readonly (readonly [number, number])[];
}

const laterChips = chipModels.filter(({ imageId }) => imageId !== undefined);
const cases: readonly Case[] = [
  ...laterChips.map(({ name }) => ({ chip: name, name })),
  { chip: 'ESP32-P4', name: 'ESP32-P4 v3.1', revision: 301, words: [[0x5012d04c, (3 << 4) | 1]] },
  {
    chip: 'ESP32',
    name: 'ESP32 with a MAC of its own and calibration',
    words: [
      [0x3ff5a08c, 1 << 24],
      [0x3ff5a00c, 1 << 14],
    ],
  },
];

describe('the eFuse summary', { concurrency: 4, timeout: 240_000 }, () => {
  let folder = '';
  before(async () => {
    folder = temporaryFolder('efuses');
  });

  async function start(t: TestContext, chip: string, burnt: BurntFuses): Promise<VirtualBoard> {
    const board = await VirtualBoard.start({ port: 0, protocol: 'socket', bootButton: true, chip, burnt });
    t.after(() => board.close());
    return board;
  }

  const rowsOf = async (board: VirtualBoard): Promise<readonly EfuseRow[]> =>
    withLoader(await openBoardPort(board.address), {}, readEfuses);

  for (const { chip, name, revision, words = [] } of cases)
    it(`${name}: has every field, bit and lock as espefuse tells them`, async (t) => {
      const espefuse = requireTool(t, 'espefuse');
      if (!espefuse) return;
      const table = efuseTableOf(chipByName(chip)?.target ?? '', revision);
      assert.ok(table);
      const others = randomBits(table.fields.values(), name.length);
      for (const [register, bits] of words) others.set(register, ((others.get(register) ?? 0) | bits) >>> 0);
      const board = await start(t, chip, { others });
      const file = join(folder, `${name}.json`);
      const args = ['--port', board.address, 'summary', '--format', 'json', '--file', file];
      const { code, output } = await runTool(espefuse, args, { cwd: folder });
      assert.equal(code, 0, output);
      const theirs: Record<string, TheirFuse> = JSON.parse(await readFile(file, 'utf8'));
      board.reset(true);
      const rows = await rowsOf(board);
      const ours = new Map(rows.map((row) => [row.name, row]));
      for (const [fuse, their] of Object.entries(theirs)) {
        if (their.pos === null) continue; // computed from others
        if (name === 'ESP32' && /^CUSTOM_MAC|^ADC._TP/.test(fuse)) continue; // it shows what is not there, too
        const our = ours.get(fuse);
        assert.ok(our, `${fuse} is missing`);
        assert.equal(our.bit, (their.word ?? 0) * 32 + their.pos, fuse);
        assert.equal(our.readable, their.readable, `${fuse} readable`);
        assert.equal(our.writable, their.writeable, `${fuse} writable`);
        if (our.raw !== undefined) assert.equal(our.raw, their.raw_value, fuse);
        else if (our.readable)
          assert.ok(fuse.startsWith('BLOCK') && BigInt(their.raw_value) !== 0n, `${fuse} is shown`);
        if (/^(CUSTOM_)?MAC$/.test(fuse) && our.readable)
          assert.ok(String(their.value).startsWith(our.value), `${fuse} ${our.value}`);
        if (fuse.startsWith('KEY_PURPOSE') && !fuse.endsWith('_H') && their.value !== 'FORBIDDEN_STATE')
          assert.equal(our.value, their.value, fuse);
      }
      assert.ok(rows.filter(({ burnt }) => burnt).length > rows.length / 3, 'much is burnt');
      t.diagnostic(`${rows.length} fields, ${Object.keys(theirs).length} in espefuse's summary`);
    });

  it('shows no key, but what it is for, and the digest of a public key', async (t) => {
    const key = new Map([0x600088a0, 0x600088e0].map((register) => [register, 0xdeadbeef]));
    const burnt = { keyPurposes: [4, 9, 0, 0, 0, 0], others: key };
    for (const [block, register] of [
      [0, 0x6000889c],
      [1, 0x600088bc],
      [2, 0x600088dc],
    ] as const)
      key.set(register, 0x1234567 + block);
    const rows = await rowsOf(await start(t, 'ESP32-C3', burnt));
    const text = (name: string) => rows.find((row) => row.name === name)?.value;
    assert.equal(text('KEY_PURPOSE_0'), 'XTS_AES_128_KEY');
    assert.equal(text('BLOCK_KEY0'), 'burnt, not shown');
    assert.match(text('BLOCK_KEY1') ?? '', /^0x68452301(00){28}$/);
    assert.equal(text('BLOCK_KEY2'), 'burnt, not shown');
    assert.match(text('BLOCK_KEY3') ?? '', /^0x(00){32}$/, 'empty');
    assert.doesNotMatch(JSON.stringify(rows), /67452301|efbeadde|deadbeef/);
  });

  it('writes no eFuse register, only reads', async (t) => {
    const board = await start(t, 'ESP32-S3', {});
    const port = await openBoardPort(board.address);
    const written: number[] = [];
    const read = new Set<number>();
    const write = port.write.bind(port);
    port.write = (bytes) => {
      const [packet] = new SlipDecoder().push(bytes);
      // 0 (a request), operation, length (2), checksum (4), address
      const address = packet && packet.length >= 12 ? Buffer.from(packet).readUInt32LE(8) : 0;
      if (packet?.[1] === 0x09) written.push(address);
      if (packet?.[1] === 0x0a) read.add(address);
      return write(bytes);
    };
    await withLoader(port, {}, readEfuses);
    const registers = efuseRegisters(efuseTableOf('esp32s3') ?? assert.fail());
    for (const register of registers) assert.ok(read.has(register), register.toString(16));
    const inEfuses = (address: number) => address >= 0x60007000 && address < 0x60008000;
    assert.deepEqual(written.filter(inEfuses), []);
  });

  it('says why there is nothing to read', async (t) => {
    const code = { code: 'efuses-unreadable' };
    await assert.rejects(rowsOf(await start(t, 'ESP32-C6', { secureDownload: true })), {
      ...code,
      message: /Secure Download Mode/,
    });
    await assert.rejects(rowsOf(await start(t, 'ESP8266', {})), { ...code, message: /ESP8266 has no eFuses/ });
  });
});
