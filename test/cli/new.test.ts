import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { makeCertificateFolder } from '../support/certificateFolder';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';

let folder = '';

before(async () => {
  folder = temporaryFolder('secure-iot-new');
  await makeCertificateFolder(join(folder, 'certs'));
});

const cli = (...words: string[]) => runCli(folder, ['new', ...words], { TEST_WIFI: 'p4ss"word\\' });
const fill = ['--set', 'host=broker.test', '--set', 'device=sensor-1'];

test('new makes a project with the identity wired in and nothing secret in public files', async () => {
  const { code, out, err } = await cli('mutual-tls', '--out', 'one', ...fill, '--set-env', 'wifiPassword=TEST_WIFI');
  assert.equal(code, 0, err);
  assert.equal(out.trim(), join(folder, 'one', 'one.ino'));
  const files = await readdir(join(folder, 'one'));
  assert.ok(['.gitignore', 'config.h', 'certificates.h', 'secrets.h', 'sketch.yaml'].every((f) => files.includes(f)));
  const key = await readFile(join(folder, 'certs/devices/sensor-1.key'), 'utf8');
  const secrets = await readFile(join(folder, 'one/secrets.h'), 'utf8');
  assert.ok(secrets.includes(key));
  assert.ok(secrets.includes('#define WIFI_PASSWORD "p4ss\\"word\\\\"'));
  assert.equal((await stat(join(folder, 'one/secrets.h'))).mode & 0o777, 0o600);
  for (const file of files.filter((f) => f !== 'secrets.h' && f !== 'mosquitto')) {
    const text = await readFile(join(folder, 'one', file), 'utf8');
    assert.doesNotMatch(text, /BEGIN (EC )?PRIVATE KEY|p4ss/, file);
  }
  const record = JSON.parse(await readFile(join(folder, 'one/secure-iot.json'), 'utf8'));
  assert.deepEqual(record.certificates, { folder: '../certs', device: 'sensor-1' });
  assert.equal(record.values.telemetryTopic, 'devices/sensor-1/telemetry');
});

test('git takes everything but the secrets', async (t) => {
  if (!requireTool(t, 'git')) return;
  await cli('mutual-tls', '--out', 'gitted', ...fill);
  const git = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile('git', args, { cwd: join(folder, 'gitted') }, (e, out) => (e ? reject(e) : resolve(out))),
    );
  await git('init', '-q');
  await git('add', '.');
  const added = (await git('ls-files')).trim().split('\n');
  assert.ok(added.includes('secrets.example.h'));
  assert.ok(!added.includes('secrets.h'));
});

test('a folder that is not empty is refused and left as it is', async () => {
  await mkdir(join(folder, 'full'));
  await writeFile(join(folder, 'full', 'mine.txt'), 'x');
  const { code, err } = await cli('mutual-tls', '--out', 'full', ...fill);
  assert.equal(code, 1);
  assert.match(err, /not empty \(it has mine\.txt\)/);
  assert.deepEqual(await readdir(join(folder, 'full')), ['mine.txt']);
});

test('bad values are refused with the reason and nothing is written', async () => {
  const cases: [string[], RegExp][] = [
    [['--set', 'host=mqtts://broker.test', '--set', 'device=sensor-1'], /without "mqtts:\/\/"/],
    [['--set', 'host=broker.test:8883', '--set', 'device=sensor-1'], /port is a value of its own/],
    [['--set', 'host=broker.test', '--set', 'device=nobody'], /nobody\.crt does not exist/],
    [['--set', 'host=broker.test', '--set', 'device=../../x'], /topic level/],
    [[...fill, '--set', 'colour=red'], /no value named "colour"/],
    [[...fill, '--set', 'rootCa=x'], /CA certificate cannot be used: this is no PEM certificate/],
    [[...fill, '--set', 'telemetryTopic=a/#'], /wildcards/],
    [[...fill, '--board', 'uno'], /not for the board "uno"/],
    [[...fill, '--board', 'esp8266', '--framework', 'esp-idf'], /not for the board "esp8266" with esp-idf.*esp32c6/],
    [[...fill, '--set', 'timeZone=UTC+2'], /POSIX counts the other way round/],
    [['--set', 'host=broker.test', '--set', 'device=$$$'], /a device name has letters, digits/],
    [[...fill, '--certs', 'nowhere'], /CA certificate .* does not exist/],
  ];
  for (const [args, reason] of cases) {
    const { code, err } = await cli('mutual-tls', '--out', 'never', ...args);
    assert.equal(code, 1, err);
    assert.match(err, reason);
    assert.ok(!existsSync(join(folder, 'never')));
  }
});

test('certificates given as files are checked like those of the folder', async () => {
  const make = (name: string, ...key: string[]): void => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '9', '-subj', '/CN=sensor-1', ...key, ...files], {
      cwd: folder,
      stdio: 'pipe',
    });
  };
  make('ed', '-newkey', 'ed25519');
  make('huge', '-newkey', 'rsa:4104');
  make('own', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256');
  make('pss', '-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048');
  const leaf = ['-newkey', 'rsa:2048', '-addext', 'basicConstraints=critical,CA:FALSE'];
  make('sha1', ...leaf, '-sha1');
  make('md5', ...leaf, '-md5');
  const pair = (name: string): string[] => [
    '--set-file',
    `deviceCert=${name}.crt`,
    '--set-file',
    `deviceKey=${name}.key`,
  ];
  const cases: [string[], RegExp][] = [
    [pair('ed'), /device certificate cannot be used: Mbed TLS and BearSSL have no Ed25519/],
    [['--set-file', 'rootCa=ed.crt'], /CA certificate cannot be used: .*no Ed25519/],
    [['--set-file', 'rootCa=ed.key'], /CA certificate cannot be used: this is a private key/],
    [['--set-file', 'rootCa=huge.crt', '--board', 'esp8266'], /its RSA key has 4104 bits, .* 4096 at most/],
    [['--set-file', 'rootCa=huge.crt', '--board', 'esp32s3'], /its RSA key has 4104 bits, .* 4096 at most/],
    [pair('pss'), /device certificate cannot be used: its key is an RSASSA-PSS key/],
    [['--set-file', 'rootCa=pss.crt'], /CA certificate cannot be used: its key is an RSASSA-PSS key/],
    [pair('md5'), /device certificate cannot be used: it is signed with md5WithRSAEncryption/],
    [pair('own'), /it is the certificate of an authority, not of a device/],
    [
      ['--set-file', 'deviceCert=own.crt', '--set-file', 'deviceKey=ed.key'],
      /does not belong to the device certificate/,
    ],
  ];
  for (const [args, reason] of cases) {
    const { code, err } = await cli('mutual-tls', '--out', 'never', ...fill, ...args);
    assert.equal(code, 1, err);
    assert.match(err, reason);
    assert.ok(!existsSync(join(folder, 'never')));
  }
  // Where the chip's unit ends at 3072 bits ESP-IDF computes in software, up to 8192.
  const soft = ['--set-file', 'rootCa=huge.crt', '--board', 'esp32c3', '--preview'];
  assert.equal((await cli('mutual-tls', '--out', 'never', ...fill, ...soft)).code, 0);
  const old = await cli('mutual-tls', '--out', 'never', ...fill, ...pair('sha1'), '--preview');
  assert.match(old.err, /warning: The device certificate is signed with SHA-1: brokers with OpenSSL 3/);
  const pinned = await cli('mutual-tls', '--out', 'pinned', ...fill, '--set-file', 'rootCa=certs/broker/broker.crt');
  assert.match(pinned.err, /warning: The CA certificate is not that of an authority.*only this very one/);
});

test('what is wrong with a file of the folder is said with its name', async () => {
  const broken = join(folder, 'broken');
  await makeCertificateFolder(broken, { devices: ['a'] });
  await writeFile(join(broken, 'devices/a.crt'), 'hello');
  const { code, err } = await cli(
    ...['mutual-tls', '--out', 'never', '--set', 'host=broker.test', '--set', 'device=a', '--certs', 'broken'],
  );
  assert.equal(code, 1);
  assert.match(err, /broken\/devices\/a\.crt cannot be used\. There is no PEM block/);
  assert.ok(!existsSync(join(folder, 'never')));
});

test('a key that belongs to another certificate is refused', async () => {
  const mixed = join(folder, 'mixed');
  await makeCertificateFolder(mixed, { devices: ['a', 'b'] });
  await writeFile(join(mixed, 'devices/a.key'), await readFile(join(mixed, 'devices/b.key'), 'utf8'));
  const { code, err } = await cli(
    ...['mutual-tls', '--out', 'never', '--set', 'host=broker.test', '--set', 'device=a', '--certs', 'mixed'],
  );
  assert.equal(code, 1);
  assert.match(err, /does not belong to the certificate/);
});

test('a host that the broker certificate lacks is made, with a warning', async () => {
  const { code, err } = await cli(
    ...['mutual-tls', '--out', 'warned', '--set', 'host=other.test', '--set', 'device=sensor-1'],
  );
  assert.equal(code, 0);
  assert.match(err, /warning: .*not good for "other\.test".*It is good for: broker\.test, 127\.0\.0\.1\. /);
});

test('a preview names the files and writes nothing', async () => {
  const { code, out } = await cli('mutual-tls', '--out', 'unseen', ...fill, '--preview');
  assert.equal(code, 0);
  assert.match(out, /^config\.h {2}\d+ bytes$/m);
  assert.match(out, /^secrets\.h {2}\d+ bytes {2}\(secret\)$/m);
  assert.ok(!existsSync(join(folder, 'unseen')));
});

test('words that are off print the usage', async () => {
  assert.equal((await cli()).code, 2);
  assert.equal((await cli('mutual-tls')).code, 2);
  assert.equal((await cli('mutual-tls', '--out', 'x', '--framework', 'cobol')).code, 2);
  assert.equal((await cli('mutual-tls', '--out', 'x', '--set', 'novalue')).code, 2);
});

test('the list names every template and its values', async () => {
  const { code, out } = await cli('--list', '--json');
  assert.equal(code, 0);
  const list = JSON.parse(out) as { id: string; values: { name: string }[] }[];
  const mutual = list.find((template) => template.id === 'mutual-tls');
  assert.ok(mutual?.values.some((value) => value.name === 'host'));
  assert.ok(!mutual?.values.some((value) => value.name === 'deviceKey'));
});
