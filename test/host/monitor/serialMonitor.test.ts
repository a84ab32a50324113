// The serial monitor with the whole extension activated in a fake VS Code, on the virtual board: what a person sees in
// the terminal, where the links lead, and how the port goes to the flasher and comes back.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { DeviceErrorStore } from '../../../src/host/decoding/deviceErrorStore';
import { Log } from '../../../src/host/log';
import { BoardVitals } from '../../../src/host/monitor/boardVitals';
import { SerialMonitor } from '../../../src/host/monitor/serialMonitor';
import { PortOwnership } from '../../../src/io/serial/portOwnership';
import { freePort } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import type { DemoConfig } from '../../virtualBoard/demoConfig';
import { APP_OFFSET, buildDemoImage } from '../../virtualBoard/demoImage';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

/** A terminal as VS Code would run it: opens the pseudo terminal and keeps what it writes. */
class Screen {
  text = '';
  constructor(readonly terminal: any) {
    terminal.creationOptions.pty.onDidWrite((text: string) => {
      this.text += text;
    });
    terminal.creationOptions.pty.open();
  }

  /** Colours taken out. */
  get plain(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences themselves
    return this.text.replace(/\x1b\[[0-9;]*m/g, '');
  }

  async shows(pattern: RegExp, timeout = 15_000): Promise<string> {
    const otherwise = () => `the terminal does not show ${pattern}:
${this.plain.slice(-2000)}`;
    await until(() => pattern.test(this.plain), otherwise, timeout);
    return this.plain;
  }

  /** The line that fits, and its links as `text -> command`. */
  async links(pattern: RegExp): Promise<{ readonly line: string; readonly links: any[] }> {
    const line = (await this.shows(pattern)).split(/\r?\n/).find((text) => pattern.test(text)) ?? '';
    const links = fake.terminalLinks?.provideTerminalLinks({ line, terminal: this.terminal }) ?? [];
    return { line, links };
  }
}

describe('the serial monitor in VS Code', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let board: VirtualBoard;
  const run = (id: string, argument?: object) => fake.commands.get(id)?.(argument) as Promise<any>;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('monitor-host');
    // Nothing listens there: the firmware prints what Arduino prints for a refused connection, again and again.
    const config: DemoConfig = {
      host: 'localhost',
      port: await freePort(),
      deviceId: 'board-1',
      ca: null,
      cert: null,
      key: null,
      insecure: true,
      platform: 'arduino-esp32',
    };
    board = await VirtualBoard.start({
      port: 0,
      factory: true,
      preload: [{ offset: APP_OFFSET, name: 'app.bin', data: buildDemoImage(config, { codeBytes: 8192 }) }],
    });
    person = fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
    fake.state.clear();
  });
  afterEach(async () => {
    fake.closeTerminals();
    await board.close();
  });

  async function openMonitor(): Promise<Screen> {
    await run('secureIot.openMonitor', { address: board.address });
    return new Screen(fake.terminals.at(-1));
  }

  it('shows the lines as they come, an explanation under an error, and links on both', async () => {
    const screen = await openMonitor();
    await screen.shows(/connected to rfc2217:.* at 115200 baud/);
    await run('secureIot.resetBoard');
    const { line, links } = await screen.links(/↳ .* → /);
    assert.ok(links.length >= 2, line);
    for (const { startIndex, length } of links)
      assert.ok(line.slice(startIndex, startIndex + length).trim().length > 1);
    fake.ran.length = 0;
    await fake.terminalLinks.handleTerminalLink(links[0]);
    assert.equal(fake.ran[0]?.id, 'secureIot.explainErrorCode');
    const rows = fake.trees.get('secureIot.deviceErrors').getChildren();
    assert.ok(rows.length > 0, 'Device Errors counts it');
  });

  it('gives the port to the flasher, takes it back, and shows the whole boot', async () => {
    const screen = await openMonitor();
    await screen.shows(/connected to/);
    writeFileSync(join(folder, 'app.bin'), buildDemoImage({ deviceId: 'board-2' } as DemoConfig, { codeBytes: 4096 }));
    const before = screen.text.length;
    const result = await run('secureIot.flashBoard', { address: board.address, files: ['0x10000', 'app.bin'] });
    assert.equal(result?.info.chip.name, 'ESP32');
    await screen.shows(/port given to flashing; the monitor comes back by itself/);
    const after_ = () => screen.text.slice(before);
    await until(() => /rst:0x1/.test(after_()), after_);
    assert.match(after_(), /connected to[\s\S]*rst:0x1/);
    const flashed = await person.sees(/written and verified/);
    assert.deepEqual(flashed.buttons, [], 'the monitor is open already');
  });

  it('watches several boards at once, each in its own terminal', async () => {
    const other = await VirtualBoard.start({ port: 0, factory: true, chip: 'ESP32-C3' });
    try {
      const first = await openMonitor();
      await run('secureIot.openMonitor', { address: other.address });
      const second = new Screen(fake.terminals.at(-1));
      for (const screen of [first, second]) await screen.shows(/connected to/);
      board.reset();
      other.reset();
      await first.shows(/ets Jun {2}8 2016/);
      await second.shows(/ESP-ROM:esp32c3/);
      assert.doesNotMatch(first.plain, /esp32c3/);
      assert.doesNotMatch(second.plain, /ets Jun/);
      assert.equal(fake.terminals.length, 2);
    } finally {
      fake.closeTerminals();
      await other.close();
    }
  });

  it('holds the screen while it is paused, decodes all the same, and shows what came afterwards', async () => {
    const screen = await openMonitor();
    await screen.shows(/connected to/);
    person.answers(/^Serial Monitor: \w+:\/\//, 'Pause');
    await run('secureIot.monitorOptions');
    const held = screen.text;
    await run('secureIot.clearDeviceErrors');
    await run('secureIot.resetBoard');
    const counted = () => fake.trees.get('secureIot.deviceErrors').getChildren().length > 0;
    for (let i = 0; i < 500 && !counted(); i += 1) await new Promise((r) => setTimeout(r, 10));
    assert.ok(counted(), 'Device Errors goes on counting');
    assert.equal(screen.text, held);
    person.answers(/^Serial Monitor: \w+:\/\//, 'Continue');
    await run('secureIot.monitorOptions');
    await screen.shows(/rst:0x1 \(POWERON_RESET\)[\s\S]*↳ /);
    person.wasAskedEverything();
  });

  it('opens one terminal per board', async () => {
    await openMonitor();
    await run('secureIot.openMonitor', { address: board.address });
    assert.equal(fake.terminals.length, 1);
  });

  it('tells that a board is not there, and waits for it', async () => {
    await run('secureIot.openMonitor', { address: `rfc2217://127.0.0.1:${await freePort()}` });
    const screen = new Screen(fake.terminals.at(-1));
    await screen.shows(/Waiting until it is back/);
  });

  it('says to open a monitor where none is open', async () => {
    await run('secureIot.resetBoard');
    const { buttons } = await person.sees(/No serial monitor is open/);
    assert.deepEqual(buttons, ['Open Serial Monitor…']);
  });

  it('opened while the port is with somebody else, it begins by itself once that one is done', async () => {
    const ports = new PortOwnership();
    const release = await ports.acquire(board.address, { name: 'flashing' });
    const monitor = new SerialMonitor(board.address, 115_200, {
      ports,
      errors: new DeviceErrorStore(),
      vitals: new BoardVitals(),
      log: Log.create(),
      firmware: {},
    });
    const screen = new Screen({ creationOptions: { pty: monitor } });
    try {
      await screen.shows(/is in use by flashing.*begins by itself/s);
      assert.doesNotMatch(screen.plain, /connected to/);
      await release();
      await screen.shows(/connected to rfc2217:/);
      assert.equal(ports.ownerOf(board.address), 'the serial monitor');
    } finally {
      monitor.close();
    }
  });
});
