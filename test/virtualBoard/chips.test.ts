// Every chip of the family: the virtual board, Python's esptool and espefuse, and our loader tell the same of it.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { chipByName } from '../../src/core/firmware/chips';
import { planFlash } from '../../src/core/firmware/flashPlan';
import { flash } from '../../src/io/flash/espFlasher';
import { withLoader } from '../../src/io/flash/espSession';
import { readFlashToFile } from '../../src/io/flash/flashReader';
import { openBoardPort } from '../../src/io/serial/openPort';
import { runTool } from '../support/runTool';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { BoardMonitor } from './boardMonitor';
import { chipModel, chipModels } from './chipModels';
import { buildDemoFlashFiles, buildDemoImage } from './demoImage';
import type { BurntFuses } from './fuses';
import { VirtualBoard } from './virtualBoard';

const MAC = '7c:df:a1:00:2b:fe';
/** Someone holds the BOOT button: a raw socket has no modem lines. */
const onSocket = { port: 0, protocol: 'socket', bootButton: true, mac: MAC } as const;

function demoFiles(chip: string) {
  const config = { host: 'x', port: 1, deviceId: 'd', ca: null, cert: null, key: null, insecure: true } as const;
  const model = chipModel(chip);
  const app = buildDemoImage({ ...config, platform: 'esp-idf' }, { codeBytes: 20 * 1024, chip: model });
  return buildDemoFlashFiles(app, 'demo', model);
}

async function start(t: TestContext, chip: string, burnt: BurntFuses = {}): Promise<VirtualBoard> {
  const board = await VirtualBoard.start({ ...onSocket, chip, burnt });
  t.after(() => board.close());
  return board;
}

const chipOf = async (board: VirtualBoard) =>
  withLoader(await openBoardPort(board.address), {}, async ({ info }) => info);

describe('the chips', { concurrency: 4, timeout: 300_000 }, () => {
  let folder = '';
  before(async () => {
    folder = temporaryFolder('virtual-chips');
  });

  async function python(t: TestContext, tool: string, board: VirtualBoard, ...args: string[]) {
    const program = requireTool(t, tool);
    if (!program) return undefined;
    const common = tool === 'esptool' ? ['--chip', 'auto', '--after', 'no-reset'] : [];
    const { code, output } = await runTool(program, [...common, '--port', board.address, ...args], { cwd: folder });
    assert.equal(code, 0, output);
    return output;
  }

  for (const { name, bootloaderOffset } of chipModels) {
    it(`${name}: both name the same chip, revision, crystal, MAC and flash`, async (t) => {
      const board = await start(t, name);
      const said = await python(t, 'esptool', board, 'flash-id');
      if (said === undefined) return;
      assert.match(said, new RegExp(`Connected to ${name} on`));
      board.reset(true);
      const info = await chipOf(board);
      assert.equal(info.chip.name, name);
      assert.equal(info.chip.bootloaderOffset, bootloaderOffset);
      const revision = /\(revision (v[\d.]+)\)/.exec(said)?.[1];
      assert.equal(/\(revision (v[\d.]+)\)/.exec(info.description)?.[1], revision);
      assert.equal(`${info.crystalMHz}MHz`, /Crystal frequency: +(\S+)/.exec(said)?.[1]);
      assert.equal(info.mac, /^(?:BASE )?MAC: +((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/m.exec(said)?.[1]);
      assert.equal(info.mac, MAC);
      assert.equal(`${(info.flashBytes ?? 0) / 1024 / 1024}MB`, /flash size: (\S+)/.exec(said)?.[1]);
    });

    it(`${name}: each verifies and reads what the other wrote, and the board boots it`, async (t) => {
      const board = await start(t, name);
      const files = demoFiles(name).map(({ offset, data, name: file }) => ({ offset, bytes: data, name: file }));
      const result = await flash(await openBoardPort(board.address), planFlash(files, chipByName(name)));
      assert.equal(result.verified, true);
      const args: string[] = [];
      for (const { offset, bytes } of files) {
        const file = join(folder, `${name}-${offset}.bin`);
        await writeFile(file, bytes);
        args.push(`0x${offset.toString(16)}`, file);
      }
      board.reset(true);
      const verified = await python(t, 'esptool', board, 'verify-flash', ...args);
      if (verified === undefined) return;
      assert.equal(verified.match(/digest matched/g)?.length, files.length);
      board.reset(true);
      await python(t, 'esptool', board, 'erase-flash');
      board.reset(true);
      await python(t, 'esptool', board, 'write-flash', '--flash-size', 'keep', ...args);
      board.reset(true);
      const last = files.at(-1)!;
      const back = join(folder, `${name}-back.bin`);
      const range = { offset: last.offset, size: last.bytes.length };
      await readFlashToFile(await openBoardPort(board.address), range, back);
      assert.deepEqual(new Uint8Array(await readFile(back)), last.bytes);
      const monitor = await BoardMonitor.open(board.port);
      t.after(() => monitor.close());
      board.reset();
      await monitor.expect(/boot(?:: Loaded app| mode:\(3,6\))/);
    });
  }

  const burnt: BurntFuses = {
    secureBoot: true,
    flashEncryption: true,
    jtagDisabled: true,
    keyPurposes: [4, 9, 10, 0, 0, 0],
    revokedKeys: [0],
  };
  for (const { name, securityInfoBytes } of chipModels.filter((model) => model.imageId !== undefined)) {
    it(`${name}: espefuse reads the same security from the eFuses as we do`, async (t) => {
      const board = await start(t, name, burnt);
      const summary = join(folder, `${name}.json`);
      const done = await python(t, 'espefuse', board, 'summary', '--format', 'json', '--file', summary);
      if (done === undefined) return;
      const fuses: Record<string, { value: unknown }> = JSON.parse(await readFile(summary, 'utf8'));
      const value = (field: string) => fuses[field]?.value;
      board.reset(true);
      const { security } = await chipOf(board);
      assert.equal(security.secureBoot, value('SECURE_BOOT_EN') ?? value('ABS_DONE_0'), 'Secure Boot');
      const crypt = value('SPI_BOOT_CRYPT_CNT') ?? value('FLASH_CRYPT_CNT');
      assert.equal(security.flashEncryption, crypt === 'Enable' || crypt === 1, `flash encryption: ${crypt}`);
      const jtag = value('DIS_PAD_JTAG') ?? value('HARD_DIS_JTAG') ?? value('JTAG_DISABLE');
      assert.equal(security.jtag === 'off', jtag, 'JTAG');
      const purposes = [0, 1, 2, 3, 4, 5].flatMap((block) => {
        const purpose = value(`KEY_PURPOSE_${block}`);
        return purpose === undefined || purpose === 'USER' ? [] : [{ block, purpose }];
      });
      assert.deepEqual(security.keys, purposes);
      const revoked = [0, 1, 2].filter((key) => value(`SECURE_BOOT_KEY_REVOKE${key}`) === true);
      assert.deepEqual(security.revokedKeys, revoked);
      if (securityInfoBytes === 0) return;
      board.reset(true);
      const said = (await python(t, 'esptool', board, '--no-stub', 'get-security-info')) ?? '';
      assert.match(said, /Secure Boot: Enabled/);
      assert.match(said, /Flash Encryption: Enabled/);
      assert.match(said, /JTAG: Permanently Disabled/);
    });
  }

  for (const chip of ['ESP32-S2', 'ESP32-C3', 'ESP32-C6', 'ESP32-P4'])
    it(`${chip} in Secure Download Mode: both write to it, and neither calls it verified`, async (t) => {
      const board = await start(t, chip, { secureDownload: true });
      const files = demoFiles(chip);
      const app = files.at(-1)!;
      const file = join(folder, `${chip}-secure.bin`);
      await writeFile(file, app.data);
      const offset = `0x${app.offset.toString(16)}`;
      const said = await python(t, 'esptool', board, '--no-stub', 'write-flash', '--flash-size', 'keep', offset, file);
      if (said === undefined) return;
      assert.deepEqual(board.flash.read(app.offset, app.data.length), app.data);
      board.flash.erase(0, board.flash.size);
      board.reset(true);
      const plan = planFlash(files.map(({ offset: at, data, name }) => ({ offset: at, bytes: data, name })));
      const result = await flash(await openBoardPort(board.address), plan);
      assert.equal(result.verified, false);
      assert.match(result.remarks.join(), /Secure Download Mode.*could not be verified/);
      assert.deepEqual(board.flash.read(app.offset, app.data.length), app.data);
      board.reset(true);
      const port = await openBoardPort(board.address);
      await assert.rejects(readFlashToFile(port, { offset: 0, size: 16 }, join(folder, `${chip}.no`)), {
        code: 'read-refused',
      });
    });
});
