// The serial monitor and its menu, with the whole extension activated in a fake VS Code, against the virtual board.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { stripAnsi } from '../../../src/core/serial/ansi';
import { activate } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

/** A board behind a raw socket: what the test says, and what it was sent. */
class TalkingBoard {
  got = Buffer.alloc(0);
  #socket: Socket | undefined;
  readonly #server = createServer((socket) => {
    this.#socket = socket
      .on('error', () => {})
      .on('data', (bytes) => {
        this.got = Buffer.concat([this.got, bytes]);
      });
  });
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `socket://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  says(text: string): void {
    this.#socket?.write(text);
  }
  stop(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

describe('the menu of the serial monitor', { timeout: 60_000 }, () => {
  const context = fake.context();
  const run = (id: string, options?: object) => fake.commands.get(`secureIot.${id}`)?.(options) as Promise<any>;
  let person: Person;
  let folder: string;
  let board: TalkingBoard;
  let address: string;
  let screen = '';
  let pty: any;

  async function openMonitor(of: string): Promise<void> {
    await run('openMonitor', { address: of });
    pty = fake.terminals.at(-1).creationOptions.pty;
    screen = '';
    pty.onDidWrite((text: string) => {
      screen += stripAnsi(text).text;
    });
    pty.open();
    await until(() => /connected to/.test(screen), 'it did not connect');
  }
  const shows = (what: RegExp) => until(() => what.test(screen), `the screen never showed ${what}:\n${screen}`);
  const choose = async (row: string) => {
    person.answers(/^Serial Monitor: \w+:\/\//, row);
    await run('monitorOptions');
  };

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('monitor-host');
    board = new TalkingBoard();
    address = await board.start();
    person = fake.open(folder, { 'secureIot.boards.addresses': [address] });
    await openMonitor(address);
  });
  afterEach(() => {
    pty.close();
    board.stop();
  });

  it('sends a line with the ending that was chosen', async () => {
    person.answers(/Send Line.*with CR LF/, 'AT');
    await choose('Send Line');
    person.answers(/Line Ending/, 'nothing');
    await choose('Line Ending… CR LF');
    person.answers(/Send Line.*with nothing/, 'AT');
    await choose('Send Line');
    pty.handleInput('x\r');
    await until(() => board.got.length >= 7, 'it was not sent');
    assert.equal(board.got.toString(), 'AT\r\nATx');
    person.wasAskedEverything();
  });

  it('sends bytes as they are, and refuses what are none while they are typed', async () => {
    person.answers(/Send Bytes/, 'hello').answers(/Send Bytes/, '1b 5b 00 ff');
    await choose('Send Bytes');
    await person.sees(/"hello" is not bytes in hex/);
    await until(() => board.got.length >= 4, 'it was not sent');
    assert.deepEqual([...board.got], [0x1b, 0x5b, 0x00, 0xff]);
  });

  it('remembers the filter in its box, and shows what passes', async () => {
    person.answers(/Filter/, 'tag:wifi');
    await choose('Filter… off');
    board.says('I (1) wifi: up\r\nI (2) main: hidden\r\nI (3) wifi: still up\r\n');
    await shows(/still up/);
    assert.doesNotMatch(screen, /hidden/);
    person.accepts(/Filter/);
    await choose('Filter… tag:wifi');
    assert.equal(person.prompts.at(-1)?.value, 'tag:wifi');
  });

  it('does not log into the file of another monitor, which keeps all it has', async () => {
    const file = join(folder, 'serial.log');
    person.chooses(file);
    await choose('Log to File…');
    board.says('from the first\r\n');
    await shows(/from the first/);
    const [first, other] = [pty, new TalkingBoard()];
    await openMonitor(await other.start());
    try {
      person.chooses(file);
      await choose('Log to File…');
      await person.sees(/^The serial monitor of socket:.* logs into .*serial\.log already\. Choose another file/);
      person.chooses(join(folder, 'other.log'));
      await choose('Log to File…');
      await shows(/logging to .*other\.log/);
      other.says('from the second\r\n');
      await shows(/from the second/);
      await until(async () => (await readFile(file, 'utf8')) === 'from the first\r\n', 'the first log is not whole');
    } finally {
      pty.close();
      first.close();
      other.stop();
    }
  });

  it('logs to a file until it is stopped from the menu', async () => {
    const file = join(folder, 'serial.log');
    person.chooses(file);
    await choose('Log to File…');
    await shows(/logging to/);
    board.says('password=hunter2 kept\r\n');
    await shows(/kept/);
    await choose('Stop Logging serial.log');
    await shows(/logging to .*serial\.log ended/);
    board.says('not kept\r\n');
    await shows(/not kept/);
    assert.equal(await readFile(file, 'utf8'), 'password=hunter2 kept\r\n');
  });

  it('replaces the file as its dialog said, and keeps it and those that it is rotated to out of git', async () => {
    const file = join(folder, 'again.log');
    await writeFile(file, 'what the dialog asked about');
    await writeFile(join(folder, '.gitignore'), 'build');
    for (const text of ['one', 'two']) {
      person.chooses(file);
      await choose('Log to File…');
      await shows(/logging to .*again\.log; git ignores it/);
      board.says(`${text} kept\r\n`);
      await shows(new RegExp(`${text} kept`));
      await choose('Stop Logging again.log');
      await until(async () => (await readFile(file, 'utf8')) === `${text} kept\r\n`, 'the log is not what came');
    }
    assert.equal(await readFile(join(folder, '.gitignore'), 'utf8'), 'build\nagain.log\nagain.log.*\n');
  });

  it('logs without secrets on request', async () => {
    const file = join(folder, 'clean.log');
    person.chooses(file);
    await choose('without Secrets');
    await shows(/secrets taken out/);
    board.says('password=hunter2 kept\r\n');
    await shows(/kept/);
    await choose('Stop Logging');
    await until(async () => (await readFile(file, 'utf8')) !== '', 'nothing was logged');
    assert.equal(await readFile(file, 'utf8'), 'password=<redacted> kept\r\n');
  });

  it('shows free heap and RSSI in the status bar and the Boards view while it is open', async () => {
    board.says('Free heap: 204800\r\nFree heap: 102400\r\nRSSI: -61 dBm\r\n');
    const item = fake.statusBar.find(({ name }) => name === 'Heap and RSSI');
    await until(() => item.visible, 'the status bar item was not shown');
    assert.equal(item.text, '$(pulse) heap 100 KB █▁ · RSSI -61 dBm ▄');
    assert.match(item.tooltip, /lowest 100 KB, highest 200 KB/);
    const view = fake.trees.get('secureIot.boards');
    const row = view.getTreeItem((await view.getChildren()).find((one: any) => one.address === address));
    assert.match(row.description, /heap 100 KB █▁ · RSSI -61 dBm/);
    assert.match(row.tooltip, /Free heap 100 KB/);
    pty.close();
    await until(() => !item.visible, 'the status bar item stayed');
  });

  it('says that a raw socket has no DTR and RTS', async () => {
    person.answers(/DTR and RTS/, 'DTR off, RTS on');
    await choose('DTR and RTS…');
    await person.sees(/raw socket has no DTR and RTS lines/);
  });

  it('tells in the menu what is set, and offers everything else', async () => {
    await assert.rejects(choose('nothing like this'), /Filter/).catch(() => {});
    const rows = person.prompts.at(-1)?.rows?.join('\n') ?? '';
    for (const word of ['Reset Board', 'Download Mode', 'DTR and RTS', 'Baud Rate… 115200', 'Pause', 'Show Times'])
      assert.ok(rows.includes(word), `${word} is not in\n${rows}`);
  });

  it('switches DTR and RTS of a board that has them, and resets into download mode', async () => {
    const real = await VirtualBoard.start({ port: 0, factory: true });
    try {
      pty.close();
      await openMonitor(real.address);
      person.answers(/DTR and RTS/, 'DTR off, RTS on');
      await choose('DTR and RTS…');
      await shows(/DTR off, RTS on/);
      screen = '';
      person.answers(/DTR and RTS/, 'DTR off, RTS off');
      await choose('DTR and RTS… DTR off, RTS on');
      await shows(/POWERON_RESET/);
      await choose('Download Mode');
      await shows(/waiting for download/);
    } finally {
      pty.close();
      await real.close();
    }
  });

  it('takes another baud rate without closing the port', async () => {
    const real = await VirtualBoard.start({ port: 0, factory: true });
    try {
      pty.close();
      await openMonitor(real.address);
      person.answers(/Baud Rate/, '921600');
      await choose('Baud Rate… 115200');
      await shows(/now at 921600 baud/);
      person.answers(/Baud Rate/, undefined);
      await choose('Baud Rate… 921600');
    } finally {
      pty.close();
      await real.close();
    }
  });
});
