// What explains a board's words in VS Code, with the whole extension activated in a fake one: hovers, links, the page of
// a code, a log file, the Device Errors view.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { activate } from '../../../src/extension';
import { DeviceErrorStore } from '../../../src/host/decoding/deviceErrorStore';
import { riscvProgram } from '../../support/riscvProgram';
import { writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { Position } from '../../support/vscode/values';

const NUMBER = 'E (99) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x6E00';
const IN_228 = /MBEDTLS\\_ERR\\_SSL\\_BAD\\_HS\\_NEW\\_SESSION\\_TICKET/;
const IN_36 = /MBEDTLS\\_ERR\\_SSL\\_HANDSHAKE\\_FAILURE/;
const idf = (version: string) => ({ sdkconfig: `CONFIG_IDF_INIT_VERSION="${version}"\n` });

describe('what a board said', () => {
  const context = fake.context();
  let folder: string;
  let person: Person;
  const run = (id: string, ...args: unknown[]) => fake.commands.get(`secureIot.${id}`)?.(...args);
  const document = async (name: string, text: string) => {
    await writeFiles({ [name]: text }, folder);
    return fake.documents.get(join(folder, name), (path) => (context.extensionUri as any).with({ path }));
  };
  const hover = async (name: string, text: string, line: number, word: string) => {
    const opened = await document(name, text);
    const column = opened.lineAt(line).text.indexOf(word);
    const found = await fake.hovers[0].provideHover(opened, new Position(line, column + 1));
    return found as undefined | { readonly contents: any; readonly range: any };
  };
  /** The latest page that was shown. */
  const page = async (): Promise<string> => {
    const uri: any = fake.ran.findLast(({ id }) => id.startsWith('markdown.'))?.args[0];
    return (await fake.documents.providers.get(uri.scheme)?.provideTextDocumentContent(uri)) ?? '';
  };

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(() => {
    folder = temporaryFolder('decoding-host');
    person = fake.open(folder);
  });

  it('reads the same number in a hover as the project’s library has it, and says from which file', async () => {
    await writeFiles(idf('4.4.6'), folder);
    const older = await hover('board.log', `ready\n${NUMBER}\n`, 1, '-0x6E00');
    assert.match(older?.contents.value, IN_228);
    assert.match(older?.contents.value, /esp-idf, from sdkconfig/);
    const [line, column] = [older?.range.start.line, older?.range.start.character];
    assert.deepEqual([line, column], [1, NUMBER.indexOf('-0x6E00')]);
    await writeFiles(idf('5.3.1'), join(folder, 'newer'));
    person = fake.open(join(folder, 'newer'));
    const newer = await hover('newer/board.log', `${NUMBER}\n`, 0, '-0x6E00');
    assert.match(newer?.contents.value, IN_36);
  });

  it('lets a banner far above in the log count more than the project', async () => {
    await writeFiles(idf('5.3.1'), folder);
    const banner = 'I (29) boot: ESP-IDF v4.4.6 2nd stage bootloader\n';
    const text = `${banner}${'I (30) app: ok\n'.repeat(200)}${NUMBER}\n`;
    const found = await hover('board.log', text, 201, '-0x6E00');
    assert.match(found?.contents.value, IN_228);
    assert.match(found?.contents.value, /from the boot banner/);
  });

  it('is silent beside a code, on bare numbers, and in code that only looks alike', async () => {
    for (const [text, word] of [
      [NUMBER, 'esp-tls'],
      ['const limit = -9984;', '-9984'],
      ['uint16_t reg = 0x2700; // 0x8006', '0x2700'],
      ['rssi -78, heap 32512', '-78'],
    ] as const)
      assert.equal(await hover('main.cpp', `${text}\n`, 0, word), undefined, text);
  });

  it('links every code of a log, and in a source only numbers in Mbed TLS’ notation', async () => {
    const text = `${NUMBER}\nAttempting MQTT connection...failed, rc=-2 try again in 5 seconds\n`;
    const links = async (name: string) =>
      fake.links[0].provideDocumentLinks(await document(name, text), { isCancellationRequested: false });
    assert.equal((await links('board.log')).length, 2);
    const [link, ...more] = await links('notes.cpp');
    assert.deepEqual(more, []);
    const { target, tooltip } = fake.links[0].resolveDocumentLink(link);
    assert.match(tooltip, /\S/);
    const [given] = JSON.parse(decodeURIComponent(target.query));
    await run('explainErrorCode', given);
    assert.match(await page(), /-0x6E00/);
  });

  it('explains a typed code for the firmware of the project', async () => {
    await writeFiles(idf('4.4.6'), folder);
    person.answers(/Explain Error Code/, '-0x6E00');
    await run('explainErrorCode');
    assert.match(await page(), IN_228);
    person.answers(/Explain Error Code/, 'hello');
    await run('explainErrorCode');
    assert.match((await person.sees(/no error code that Secure IoT knows/)).buttons.join(), /Try Again/);
  });

  it('analyzes a log file: each kind once, counted, with first and last line, read for the project', async () => {
    await writeFiles(idf('4.4.6'), folder);
    const file = join(folder, 'board.log');
    writeFileSync(file, `boot\n${NUMBER}\nquiet\nrc=-2, MQTT connect failed\n${NUMBER}\n`);
    person.chooses(file);
    await run('analyzeLogFile');
    const text = await page();
    assert.match(text, /5 lines, 3 findings of 2 kinds/);
    assert.match(text, /\| 2 \| -0x6E00 \| MBEDTLS\\_ERR\\_SSL\\_BAD\\_HS\\_NEW\\_SESSION\\_TICKET \| 2 \| 5 \|/);
    person.chooses(join(folder, 'gone.log'));
    await run('analyzeLogFile');
    await person.sees(/no file.*gone\.log/);
  });

  it('resolves a crash of the view, and one that is selected in the editor, to links', async (t) => {
    const made = riscvProgram(t, folder);
    if (!made) return;
    const { elf, at, lineOf } = made;
    const [main = 0, connect = 0, handshake = 0] = ['app_main', 'connect_broker', 'tls_handshake'].map((f) => at[f]);
    const hex = (value: number) => `0x${value.toString(16)}`;
    const crash = { line: 3, addresses: [hex(handshake + 6), hex(handshake + 6)], stack: [connect + 2, main + 4] };
    await run('resolveBacktrace', { crash, elf });
    const text = await page();
    assert.match(
      text,
      new RegExp(`connect\\\\_broker at .*main\\.s:${lineOf('c.jal tls')}\\]\\(file://.*#L${lineOf('c.jal tls')}\\)`),
    );
    assert.match(text, /app\\_main at .*\nRead|app\\_main at/);
    assert.match(text, /Old ones may be among them/);
    person.answers(/Resolve Backtrace/, 'nothing of the kind');
    await run('resolveBacktrace');
    await person.sees(/no code addresses/);
    person.answers(/Resolve Backtrace/, `Backtrace: ${hex(main)}:0x3ffb1f50 ${hex(connect)}:0x3ffb1f70`).chooses(elf);
    await run('resolveBacktrace');
    assert.match(await page(), /app\\_main[\s\S]*connect\\_broker/);
  });

  it('shows the crashes of a log file as links, each kind once, and says what it takes where no build is found', async (t) => {
    const made = riscvProgram(t, folder);
    if (!made) return;
    const { elf, at, lineOf } = made;
    const [main = 0, connect = 0] = ['app_main', 'connect_broker'].map((name) => at[name]);
    const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
    const crash = [
      "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.",
      `MEPC    : ${hex(connect)}  RA      : ${hex(main)}  SP      : 0x3fc94f70  GP      : 0x3fc8e600`,
      'rst:0xc (RTC_SW_CPU_RST),boot:0xf (SPI_FAST_FLASH_BOOT)',
    ].join('\n');
    const file = join(folder, 'crash.log');
    writeFileSync(file, `ready\n${crash}\nready\n${crash}\n`);
    await run('analyzeLogFile', { file });
    assert.match(await page(), /Build the project in this workspace.*Resolve Backtrace/);
    await run('analyzeLogFile', { file, elf });
    const text = await page();
    const line = lineOf('c.jal tls');
    assert.match(text, new RegExp(`connect\\\\_broker at .*main\\.s:${line}\\]\\(file://.*#L${line}\\)`));
    assert.equal(text.match(/### Line/g)?.length, 1);
    assert.match(text, /### Line 3, 2 times/);
    await run('analyzeLogFile', { file, elf: file });
    assert.match(await page(), /is no ELF file/);
  });

  it('copies a report of an error without its secrets', async () => {
    const line = `${NUMBER} url=mqtts://dev:hunter2@broker.local password: "two words"`;
    const [finding] = createDecoder({ platform: 'esp-idf', knownBy: 'platformio.ini' }).next(line);
    const store = new DeviceErrorStore();
    store.record('COM3', finding as Finding, line, 1);
    await run('copyErrorReport', { kind: 'error', error: store.list()[0] });
    assert.match(person.clipboard, /Platform: esp-idf, from platformio\.ini/);
    assert.match(person.clipboard, /broker\.local/);
    assert.doesNotMatch(person.clipboard, /hunter2|two words/);
  });

  it('shows how far it is with a long log, and stops when it is told to', { timeout: 30_000 }, async (t) => {
    const mkfifo = requireTool(t, 'mkfifo');
    if (!mkfifo) return;
    const file = join(folder, 'endless.log');
    execFileSync(mkfifo, [file]);
    const writing = createWriteStream(file);
    writing.on('error', () => {}); // the reader goes away
    const timer = setInterval(() => writing.write(`${NUMBER}\n`), 10);
    t.after(() => {
      clearInterval(timer);
      writing.destroy();
      rmSync(file);
    });
    const analysis = run('analyzeLogFile', { file });
    while (!person.progress.some((text) => /Analyzing endless\.log/.test(text)))
      await new Promise((resolve) => setTimeout(resolve, 20));
    fake.cancelProgress();
    await analysis;
    assert.deepEqual(person.notices, []);
    assert.equal(
      fake.ran.some(({ id }) => id.startsWith('markdown.')),
      false,
    );
  });
});
