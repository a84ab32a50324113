import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';

let folder = '';
before(async () => {
  folder = temporaryFolder('secure-iot-decode');
  const lines = [
    'I (29) boot: ESP-IDF v4.4.2 2nd stage bootloader',
    'E (100) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700',
    'I (101) app: retry',
    'E (5100) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700',
  ];
  await writeFile(join(folder, 'board.log'), `${lines.join('\r\n')}\r\n`);
});

test('decode --json prints one object for every finding, with the agreed keys', async () => {
  const { code, out } = await runCli(folder, 'decode board.log --json');
  assert.equal(code, 0);
  const [first, second, ...more] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(more, []);
  assert.equal(second.line, 4);
  const { title, causes, fixes, sources, ...rest } = first;
  assert.deepEqual(rest, {
    line: 2,
    column: 57,
    text: '-0x2700',
    code: '-0x2700',
    name: 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED',
    family: 'mbedtls',
    also: [],
    platform: 'esp-idf',
    platformKnownBy: 'boot-banner',
    version: '2.28',
  });
  assert.equal(typeof title, 'string');
  for (const list of [causes, fixes, sources]) assert.ok(list.every((text: unknown) => typeof text === 'string'));
});

test('decode tells a repeated error once, with its count', async () => {
  const { out } = await runCli(folder, 'decode board.log');
  assert.equal(out.match(/refused the broker's certificate/g)?.length, 1);
  assert.match(out, /2 times, lines 2 to 4/);
});

test('decode says what is wrong with its file or its words', async () => {
  const missing = await runCli(folder, 'decode none.log');
  assert.equal(missing.code, 1);
  assert.match(missing.err, /no file/);
  const platform = await runCli(folder, 'decode board.log --platform avr');
  assert.equal(platform.code, 2);
  assert.match(platform.err, /--platform is one of/);
});

test('explain takes a code that starts with a dash', async () => {
  const { code, out } = await runCli(folder, 'explain -0x2700');
  assert.equal(code, 0);
  assert.match(out, /MBEDTLS_ERR_X509_CERT_VERIFY_FAILED/);
  assert.match(out, /Source: /);
});

test('explain --json --mbedtls reads for that version', async () => {
  const { out } = await runCli(folder, 'explain -0x7A00 --json --mbedtls 2.28');
  assert.equal(JSON.parse(out.split('\n')[0] ?? '').name, 'MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE');
});

test('explain says so when nobody knows the code', async () => {
  const { code, err } = await runCli(folder, 'explain hello');
  assert.equal(code, 1);
  assert.match(err, /no code that Secure IoT knows/);
});

test('decode says that a log was taken at a wrong baud rate, once, and where', async () => {
  const noise = '\u00014\ufffd\ufffd\ufffd()\ufffd)!!\ufffd41\ufffd\ufffd\u0002\ufffd%)4\n';
  await writeFile(join(folder, 'noise.log'), `${noise.repeat(40)}ready\n`);
  const { code, out, err } = await runCli(folder, 'decode noise.log');
  assert.equal(code, 0);
  assert.equal(out, '');
  assert.equal(err.match(/wrong baud rate/g)?.length, 1);
  assert.match(err, /^line \d+: /);
  assert.match(err, /115200.*74880/);
});

test('decode reads a log that PowerShell wrote as UTF-16', async () => {
  const bytes = Buffer.from(
    '\ufeffready\r\nE (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7F00\r\n',
    'utf16le',
  );
  await writeFile(join(folder, 'utf16.log'), bytes);
  const { out } = await runCli(folder, 'decode utf16.log --json');
  assert.equal(JSON.parse(out).name, 'MBEDTLS_ERR_SSL_ALLOC_FAILED');
});

test('explain takes a code with words around it', async () => {
  const { out } = await runCli(folder, 'explain MQTT 0x87');
  assert.match(out, /MQTT5_NOT_AUTHORIZED/);
});

test('decode and explain take platform and versions from the files of --project', async () => {
  const project = join(folder, 'project');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'sdkconfig'), 'CONFIG_IDF_INIT_VERSION="4.4.6"\n');
  await writeFile(join(folder, 'plain.log'), 'E (100) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x6E00\n');
  const read = async (words: string) => JSON.parse((await runCli(folder, words)).out.split('\n')[0] ?? '');
  const known = await read('decode plain.log --json --project project');
  assert.deepEqual(
    [known.name, known.version, known.platform, known.platformKnownBy],
    ['MBEDTLS_ERR_SSL_BAD_HS_NEW_SESSION_TICKET', '2.28', 'esp-idf', 'sdkconfig'],
  );
  assert.notEqual((await read('decode plain.log --json')).name, known.name);
  assert.equal((await read('explain -0x6E00 --json --project project')).name, known.name);
  // What is said outright counts more than a file.
  const said = await read('decode plain.log --json --project project --mbedtls 3.6');
  assert.deepEqual([said.version, said.platformKnownBy], ['3.6', 'option']);
  const missing = await runCli(folder, 'decode plain.log --project nowhere');
  assert.deepEqual([missing.code, /does not exist/.test(missing.err)], [1, true]);
});

test('decode --problems prints every finding as a compiler would', async () => {
  const { out } = await runCli(folder, 'decode board.log --problems');
  const lines = out.trim().split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^board\.log:2:57: error: -0x2700 MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: \S.*\.$/);
  const both = await runCli(folder, 'decode board.log --problems --json');
  assert.equal(both.code, 2);
});

test('decode --edits shows the changes of the project that mend what was found, and --apply makes those chosen', async () => {
  const project = temporaryFolder('secure-iot-decode-project');
  const sdkconfig = [
    'CONFIG_IDF_INIT_VERSION="5.3.1"',
    'CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584',
    '# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set',
    '',
  ].join('\n');
  await writeFile(join(project, 'sdkconfig'), sdkconfig, { mode: 0o640 });
  const log =
    '***ERROR*** A stack overflow in task main has been detected.\nE (9) tls: mbedtls_ssl_setup returned -0x7F00\n';
  await writeFile(join(folder, 'crash.log'), log);
  const stored = () => readFile(join(project, 'sdkconfig'), 'utf8');

  const shown = await runCli(folder, `decode crash.log --project ${project} --edits`);
  assert.match(shown.out, /1\. Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 7168 in sdkconfig\.\n/);
  assert.match(
    shown.out,
    /sdkconfig:2\n- CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n\+ CONFIG_ESP_MAIN_TASK_STACK_SIZE=7168\n/,
  );
  assert.match(shown.out, /2\. Set CONFIG_MBEDTLS_DYNAMIC_BUFFER=y in sdkconfig\.\n/);
  assert.match(shown.err, /Nothing was written/);
  assert.equal(await stored(), sdkconfig);

  const none = await runCli(folder, `decode crash.log --project ${project} --apply 3`);
  assert.equal(none.code, 2);
  assert.match(none.err, /no such edit, there are 1 to 2/);
  assert.equal(await stored(), sdkconfig);

  const one = await runCli(folder, `decode crash.log --project ${project} --apply 2`);
  assert.equal(one.code, 0, one.err);
  assert.match(one.err, /Build the firmware, and flash the board/);
  const half = sdkconfig.replace('# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set', 'CONFIG_MBEDTLS_DYNAMIC_BUFFER=y');
  assert.equal(await stored(), half);
  assert.equal((await stat(join(project, 'sdkconfig'))).mode & 0o777, 0o640);

  const rest = await runCli(folder, `decode crash.log --project ${project} --apply all`);
  assert.equal(rest.code, 0, rest.err);
  assert.equal(await stored(), half.replace('SIZE=3584', 'SIZE=7168'));
});

test('explain offers an edit for a code with one reading, and none without a project that it fits', async () => {
  const project = temporaryFolder('secure-iot-explain-project');
  await writeFile(join(project, 'platformio.ini'), '[env:a]\nplatform = espressif32@6.9.0\nframework = arduino\n');
  const { out } = await runCli(project, 'explain MQTT_CONNECT_FAILED --edits');
  assert.match(out, /1\. Set the core debug level to verbose in platformio\.ini\./);
  const elsewhere = await runCli(temporaryFolder('secure-iot-no-project'), 'explain MQTT_CONNECT_FAILED --edits');
  assert.match(elsewhere.err, /No change of the project .* is known/);
  const wrong = await runCli(project, 'explain MQTT_CONNECT_FAILED --apply some');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--apply takes numbers/);
});
