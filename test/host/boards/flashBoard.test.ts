// Flash Board… with the whole extension activated in a fake VS Code, against the virtual board.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { freePort } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { buildDemoImage } from '../../virtualBoard/demoImage';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

describe('Flash Board…', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let board: VirtualBoard;
  const flash = (options?: object) => fake.commands.get('secureIot.flashBoard')?.(options) as Promise<any>;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('flash-host');
    board = await VirtualBoard.start({ port: 0, factory: true });
    person = fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
    fake.state.clear();
  });

  afterEach(() => board.close());

  it('takes the only board, asks which firmware, verifies it and offers the monitor', async () => {
    writeFileSync(join(folder, 'app.bin'), demoApp());
    person.press(/written and verified/, 'Open Serial Monitor');
    const result = await flash({ files: ['0x10000', 'app.bin'] });
    assert.equal(result.info.chip.name, 'ESP32');
    await person.sees(/written and verified/);
    assert.ok(
      fake.ran.some(({ id, args }) => id === 'secureIot.openMonitor' && JSON.stringify(args).includes(board.address)),
    );
    assert.deepEqual(board.flash.read(0x10000, 16), demoApp().subarray(0, 16));
  });

  it('writes only what changed, when the settings say so', async () => {
    const settings = { 'secureIot.boards.addresses': [board.address], 'secureIot.flash.onlyChanged': true };
    writeFileSync(join(folder, 'app.bin'), demoApp());
    await flash({ files: ['0x10000', 'app.bin'] });
    person = fake.open(folder, settings);
    assert.equal((await flash({ files: ['0x10000', 'app.bin'] })).bytes, 0);
    await person.sees(/nothing to write, the flash holds it already/);
  });

  it('flashes two boards at the same time', async () => {
    const other = await VirtualBoard.start({ port: 0, factory: true });
    try {
      writeFileSync(join(folder, 'app.bin'), demoApp());
      const files = ['0x10000', 'app.bin'];
      const results = await Promise.all([board, other].map(({ address }) => flash({ address, files })));
      assert.deepEqual(
        results.map(({ verified }) => verified),
        [true, true],
      );
      assert.deepEqual(other.flash.read(0x10000, 64), board.flash.read(0x10000, 64));
    } finally {
      await other.close();
    }
  });

  it('flashes all boards side by side when asked to, and tells each that failed', async () => {
    const other = await VirtualBoard.start({ port: 0, factory: true });
    const gone = `socket://127.0.0.1:${await freePort()}`;
    try {
      person = fake.open(folder, { 'secureIot.boards.addresses': [board.address, other.address] });
      writeFileSync(join(folder, 'app.bin'), demoApp());
      const files = ['0x10000', 'app.bin'];
      person.answers(/^Flash Board Board/, 'All 2 Boards');
      assert.equal((await flash({ files })).length, 2);
      assert.equal((await person.sees(/^2 boards flashed\.$/)).kind, 'information');
      assert.deepEqual(other.flash.read(0x10000, 64), board.flash.read(0x10000, 64));
      const rows = [board.address, gone].map((address) => ({ address }));
      const selected = await fake.commands.get('secureIot.flashBoard')?.({ ...rows[0], files }, rows);
      assert.equal((selected as any[]).length, 1);
      const partly = await person.sees(/^1 board flashed\. socket:\/\/127\.0\.0\.1:\d+: Nothing listens at/);
      assert.equal(partly.kind, 'warning');
    } finally {
      await other.close();
    }
  });

  it('says what an image lacks that is none, before a byte is written', async () => {
    const before = board.flash.read(0x10000, 64);
    writeFileSync(join(folder, 'app.bin'), 'this is not firmware');
    assert.equal(await flash({ files: ['0x10000', 'app.bin'] }), undefined);
    const { message } = await person.sees(/app\.bin/);
    assert.doesNotMatch(message, /bug in Secure IoT/);
    assert.deepEqual(board.flash.read(0x10000, 64), before);
  });

  it('says which file is missing', async () => {
    await flash({ files: ['0x10000', 'gone.bin'] });
    await person.sees(/gone\.bin/);
  });

  it('says that nothing listens at a board address, and what to do', async () => {
    writeFileSync(join(folder, 'app.bin'), demoApp());
    await flash({ address: `socket://127.0.0.1:${await freePort()}`, files: ['0x10000', 'app.bin'] });
    const { message } = await person.sees(/127\.0\.0\.1/);
    assert.doesNotMatch(message, /bug in Secure IoT/);
  });

  it('tells how to enter download mode when the board does not answer', { timeout: 60_000 }, async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    writeFileSync(join(folder, 'app.bin'), demoApp());
    await flash({ address: `socket://127.0.0.1:${port}`, files: ['0x10000', 'app.bin'] });
    const { message } = await person.sees(/BOOT/);
    assert.match(message, /GPIO ?0|hold|download/i);
    silent.close();
  });

  it('offers to add an address when there is no board', async () => {
    person = fake
      .open(folder)
      .press(/No board found/, 'Add Board Address…')
      .answers(/[Aa]ddress/, undefined);
    fake.state.clear();
    await flash({ files: ['0x10000', 'app.bin'] });
    assert.ok(fake.ran.some(({ id }) => id === 'secureIot.addBoardAddress'));
  });
});

function demoApp(): Uint8Array {
  return buildDemoImage({ ssid: 'workshop' } as any, { codeBytes: 16 * 1024 });
}
