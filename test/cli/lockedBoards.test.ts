// `secure-iot` on boards with Secure Boot, flash encryption or Secure Download Mode: nothing that would kill them is
// done, each refusal says why, and the eFuses are told.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { SECURE_IOT } from '../support/cli';
import { firmwareImage, partitionTable } from '../support/firmwareFiles';
import { runTool } from '../support/runTool';
import { temporaryFolder } from '../support/temporaryFolder';
import type { BurntFuses } from '../virtualBoard/fuses';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const locked: readonly (readonly [string, BurntFuses])[] = [
  ['ESP32', { flashEncryption: true }],
  ['ESP32-C3', { flashEncryption: true }],
  ['ESP32', { secureBoot: true }],
  ['ESP32-S3', { secureBoot: true }],
];

describe('secure-iot with a locked board', { concurrency: 2, timeout: 120_000 }, () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = temporaryFolder('locked');
    await writeFile(at('table.csv'), 'nvs,data,nvs,0x9000,0x5000,\nfactory,app,factory,0x10000,1M,\n');
    await writeFile(at('table.bin'), partitionTable());
    await writeFile(at('data.bin'), Buffer.alloc(0x1000, 7));
  });

  async function start(t: TestContext, chip: string, burnt: BurntFuses): Promise<VirtualBoard> {
    const board = await VirtualBoard.start({ port: 0, factory: true, chip, burnt });
    t.after(() => board.close());
    return board;
  }

  async function secureIot(board: VirtualBoard, command: string, ...args: string[]) {
    return runTool(process.execPath, [...SECURE_IOT, ...command.split(' '), '--port', board.address, ...args], {
      cwd: folder,
    });
  }

  const images = async (chip: string) => {
    const chipId = { ESP32: 0, 'ESP32-C3': 5, 'ESP32-S3': 9 }[chip] ?? 0;
    const file = `app-${chip}.bin`;
    await writeFile(at(file), firmwareImage({ chipId, data: Buffer.alloc(6000, 3) }));
    return { file, bootloader: chip === 'ESP32' ? '0x1000' : '0x0' };
  };

  for (const [chip, burnt] of locked) {
    const encrypted = burnt.flashEncryption ?? false;
    it(`${chip} with ${encrypted ? 'flash encryption' : 'Secure Boot'}: refuses what would kill it, and writes nothing`, async (t) => {
      const board = await start(t, chip, burnt);
      const { file, bootloader } = await images(chip);
      const whole = board.flash.read(0, board.flash.size);
      const refused = async (command: string, args: readonly string[], why: RegExp) => {
        const { code, output } = await secureIot(board, command, ...args);
        assert.equal(code, 1, `${command} ${args.join(' ')}: ${output}`);
        assert.match(output, why);
        assert.deepEqual(board.flash.read(0, board.flash.size), whole, `${command} ${args.join(' ')}`);
      };
      const plain = encrypted
        ? /flash encryption switched on: plain images would make it unbootable/
        : /Secure Boot V[12] switched on and starts signed images only; app-\S+\.bin has no signature/;
      await refused('flash', ['0x10000', file], plain);
      const boot = encrypted ? plain : /Secure Boot switched on: a bootloader with another signature/;
      await refused('flash', [bootloader, file], boot);
      const erase = encrypted ? /flash encryption switched on; erasing/ : /Secure Boot switched on; erasing/;
      await refused('erase', ['--all'], erase);
      await refused('erase', ['0x9000', '0x1000'], erase);
      const other = encrypted ? /flash encryption switched on/ : /Secure Boot switched on: another partition table/;
      await refused('partitions write', ['--force', 'table.csv'], other);
      if (encrypted) {
        await refused('flash', ['0x9000', 'data.bin'], plain);
        await refused('partitions', [], /flash encryption switched on: by cable its partition table/);
        await refused('nvs dump', [], /flash encryption switched on: by cable its partition table/);
        const read = await secureIot(board, 'read', '0x9000', '0x1000', `copy-${chip}.bin`);
        assert.equal(read.code, 0, read.output);
        assert.match(read.output, /the copy is encrypted with a key that only its chip has/);
      } else {
        const data = await secureIot(board, 'flash', '0x9000', 'data.bin');
        assert.equal(data.code, 0, 'data is not signed');
        assert.deepEqual(board.flash.read(0x9000, 0x1000), new Uint8Array(await readFile(at('data.bin'))));
      }
    });
  }

  it('says that an ESP32-C3 with Secure Boot cannot be read, and not that it is in another mode', async (t) => {
    const board = await start(t, 'ESP32-C3', { secureBoot: true });
    for (const [command, ...args] of [['partitions'], ['read', '0x9000', '0x1000', 'no.bin'], ['nvs dump']]) {
      const { code, output } = await secureIot(board, command ?? '', ...args);
      assert.equal(code, 1, output);
      assert.match(output, /With Secure Boot on, the ESP32-C3 does not run the program that reads its flash/);
    }
  });

  it('tells every eFuse: what is burnt and what that means, what can be and what cannot; as JSON all of them', async (t) => {
    const others = new Map([[0x6000882c, 1 << 2]]); // WR_DIS of DIS_PAD_JTAG and its neighbours
    const board = await start(t, 'ESP32-C3', { flashEncryption: true, keyPurposes: [4, 0, 0, 0, 0, 0], others });
    const { code, output } = await secureIot(board, 'chip', '--efuses');
    assert.equal(code, 0, output);
    assert.match(output, /^Chip: +ESP32-C3/m);
    assert.match(output, /^eFuses burnt \(\d+ of 85 fields\):$/m);
    assert.match(output, /^ {2}SPI_BOOT_CRYPT_CNT +1 {2}Flash encryption is on: each change burns one more bit\.$/m);
    assert.match(output, /^ {2}KEY_PURPOSE_0 +XTS_AES_128_KEY$/m);
    assert.match(output, /^ {2}MAC +24:6f:28:c0:1d:db$/m);
    assert.match(output, /^Not burnt: .*SECURE_BOOT_EN/m);
    assert.match(output, /^Not burnt, and locked so for ever: .*DIS_PAD_JTAG/m);
    const json = await secureIot(board, 'chip', '--efuses', '--json');
    const { efuses, chip } = JSON.parse(json.output.trim().split('\n').at(-1) ?? '');
    assert.equal(chip, 'ESP32-C3');
    assert.equal(efuses.length, 85);
    const field = efuses.find(({ name }: { name: string }) => name === 'DIS_PAD_JTAG');
    assert.deepEqual(field, {
      name: 'DIS_PAD_JTAG',
      block: 'BLOCK0',
      bit: 51,
      width: 1,
      raw: '0x0',
      value: '0',
      burnt: false,
      readable: true,
      writable: false,
    });
  });

  it('tells a chip in Secure Download Mode, then why its eFuses are not', async (t) => {
    const board = await start(t, 'ESP32-S3', { secureDownload: true });
    const { code, output } = await secureIot(board, 'chip', '--efuses');
    assert.equal(code, 1);
    assert.match(output, /^Download mode: +secure: writing only$/m);
    assert.match(output, /This board is in Secure Download Mode: its eFuses cannot be read by cable\.$/m);
  });
});
