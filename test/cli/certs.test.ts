import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CliUsageError } from '../../src/cli/arguments';
import { run } from '../../src/cli/certs';
import { runCli } from '../support/cli';
import { PASSPHRASE, testPki } from '../support/pki';
import { temporaryFolder } from '../support/temporaryFolder';
import { issue } from '../support/testAuthority';
import { requireTool } from '../support/tools';
import { userError } from '../support/userError';

const certs = (cwd: string, line: string, env: NodeJS.ProcessEnv = {}) => runCli(cwd, `certs ${line}`, env);

test('the examples of the README work as printed', async () => {
  const cwd = temporaryFolder('certs');
  await writeFile(join(cwd, 'f'), `${PASSPHRASE}\n`);
  const env = { SECURE_IOT_CA_PASSPHRASE: PASSPHRASE };
  const ca = await certs(cwd, 'ca --cn "Workshop CA" --passphrase-file f');
  assert.equal(ca.err, '');
  assert.match(ca.out, /certs\/ca\/ca\.crt\n.*certs\/ca\/ca\.key\n$/);
  const broker = await certs(cwd, 'broker --cn mqtt.example.com --dns mqtt.example.com --ip 192.168.1.10', env);
  assert.equal(broker.code, 0);
  assert.match(broker.err, /note: 192\.168\.1\.10 stands in the certificate as a DNS name too/);
  assert.equal((await certs(cwd, 'device --cn esp32-device-001', env)).code, 0);
  const verified = await certs(cwd, 'verify certs/devices/esp32-device-001.crt');
  assert.equal(verified.code, 0);
  assert.match(verified.out, /esp32-device-001\.crt: OK\n {2}esp32-device-001 <- Workshop CA\n/);
  const list = JSON.parse((await certs(cwd, 'list --json')).out);
  assert.deepEqual(
    list.map((r: { role: string }) => r.role),
    ['authority', 'broker', 'device'],
  );
  await mkdir(join(cwd, 'lamp'));
  await writeFile(join(cwd, 'lamp/secure-iot.json'), '{ "certificates": { "device": "esp32-device-001" } }');
  assert.match((await certs(cwd, 'list')).out, /devices\/esp32-device-001\.crt +lamp\n/);
  assert.match(
    (await certs(cwd, 'list')).out,
    /^ROLE +NAME +VALID UNTIL +STATUS +FILE +USED IN\nauthority +Workshop CA /,
  );

  assert.deepEqual(await certs(cwd, 'rehearse --on 2027-01-01'), {
    code: 0,
    out: 'On 2027-01-01 everything still works.\n',
    err: '',
  });
  const rehearsal = await certs(cwd, 'rehearse --on 2099-01-01');
  assert.equal(rehearsal.code, 1);
  assert.match(rehearsal.out, /broker mqtt\.example\.com \(broker\/mqtt\.example\.com\.crt\)\n {2}Since /);

  const again = await certs(cwd, 'device --cn esp32-device-001', env);
  assert.equal(again.code, 1);
  assert.match(again.err, /^secure-iot certs: .*exists already/);
  const wrong = await certs(cwd, 'device --cn d2', { SECURE_IOT_CA_PASSPHRASE: 'not the passphrase' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /does not open/);
  assert.doesNotMatch(wrong.err, /not the passphrase/);
  const nobody = await certs(cwd, 'device --cn d2');
  assert.match(nobody.err, /--passphrase-file FILE or set SECURE_IOT_CA_PASSPHRASE/);
});

test('verify says what each board makes of a broker that OpenSSL accepts', async () => {
  const cwd = temporaryFolder('certs');
  const env = { SECURE_IOT_CA_PASSPHRASE: PASSPHRASE };
  await certs(cwd, 'ca --cn Root', env);
  await certs(cwd, 'broker --cn b --ip 192.168.1.10 --stack mbedtls-3.5', env); // without the address as DNS name
  const { code, out } = await certs(cwd, 'verify certs/broker/b.crt');
  assert.equal(code, 0);
  assert.match(out, /accepted by Mbed TLS 3\.5 or later/);
  assert.match(out, /REFUSED by BearSSL \(ESP8266\): The host name .* By the name 192\.168\.1\.10 only\./);
  const [json] = JSON.parse((await certs(cwd, 'verify --json certs/broker/b.crt')).out);
  assert.deepEqual(
    json.boards.map((b: any) => [b.stack, b.accepted]),
    [
      ['mbedtls-2.28', false],
      ['mbedtls-3.4', false],
      ['mbedtls-3.6', true],
      ['mbedtls-4', true],
      ['bearssl', false],
    ],
  );
});

test('an intermediate authority signs where --issuer names it, and revokes what it issued without being named', async () => {
  const cwd = temporaryFolder('certs');
  const env = { SECURE_IOT_CA_PASSPHRASE: PASSPHRASE };
  await certs(cwd, 'ca --cn Root', env);
  const made = await certs(cwd, 'ca --intermediate --cn "Factory 1" --permit-dns example.com', env);
  assert.match(made.out, /certs\/intermediates\/Factory-1\.crt\n/);
  assert.match(made.err, /note: What it signs carries its certificate along/);
  assert.equal((await certs(cwd, 'device --cn d1 --issuer "Factory 1"', env)).code, 0);
  const verified = await certs(cwd, 'verify certs/devices/d1.crt');
  assert.match(verified.out, /d1\.crt: OK\n {2}d1 <- Factory 1 <- Root\n/);
  const refused = await certs(cwd, 'broker --cn mqtt.example.org --issuer "Factory 1"', env);
  assert.match(refused.err, /"Factory 1" may only certify example\.com/);
  assert.equal((await certs(cwd, 'renew d1', env)).code, 0);
  assert.equal((await certs(cwd, 'revoke d1', env)).code, 0);
  assert.equal((await certs(cwd, 'verify certs/devices/d1.crt')).code, 1);
  assert.match((await certs(cwd, 'device --cn d2 --issuer Nobody')).err, /no intermediate authority "Nobody"/);
  assert.equal((await certs(cwd, 'ca --cn Other --issuer "Factory 1"', env)).code, 2);
});

test('an authority is taken over from a PKCS#12 file with its passphrase, and from no device of that kind', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const cwd = temporaryFolder('certs');
  await writeFile(join(cwd, 'f'), `${PASSPHRASE}\n`);
  await writeFile(join(cwd, 'old'), 'old secret\n');
  await writeFile(join(cwd, 'wrong'), 'new secret\n');
  const make = (...words: string[]) => execFileSync(openssl, words, { cwd, stdio: 'pipe' });
  make('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Firm Root', '-keyout', 'k', '-out', 'c');
  make('pkcs12', '-export', '-inkey', 'k', '-in', 'c', '-passout', 'pass:old secret', '-out', 'ca.p12');
  const wrong = await certs(cwd, 'ca --import-p12 ca.p12 --import-passphrase-file wrong --passphrase-file f');
  assert.match(wrong.err, /The passphrase does not open ca\.p12/);
  const taken = await certs(cwd, 'ca --import-p12 ca.p12 --import-passphrase-file old --passphrase-file f');
  assert.match(taken.out, /ca\/ca\.crt/);
  await certs(cwd, 'device --cn d1 --passphrase-file f');
  assert.match((await certs(cwd, 'verify certs/devices/d1.crt')).out, /d1 <- Firm Root/);
  const files = ['-inkey', 'certs/devices/d1.key', '-in', 'certs/devices/d1.crt'];
  make('pkcs12', '-export', ...files, '-passout', 'pass:old secret', '-out', 'd1.p12');
  const words = '--import-p12 d1.p12 --import-passphrase-file old --passphrase-file f --dir other';
  assert.match((await certs(cwd, `ca ${words}`)).err, /d1\.p12 is no authority's certificate/);
});

test('a call with wrong words is a usage error, with the usage', async () => {
  const { code, err } = await certs(temporaryFolder('certs'), 'ca --common-name x');
  assert.equal(code, 2);
  assert.match(err, /Usage: secure-iot certs/);
  for (const line of [
    '',
    'nonsense',
    'ca',
    'ca --cn x y',
    'device --cn x --days soon',
    'verify',
    'rehearse --on soon',
    'fleet',
  ])
    await assert.rejects(run(line.split(' ').filter(Boolean)), CliUsageError, line);
});

test('bad input is refused before anything is asked or written', async () => {
  const dir = ['--dir', join(temporaryFolder('certs'), 'certs')];
  const expected: [string, string, RegExp][] = [
    ['broker --cn mqtt.example.com --ip 192.168.1.300', 'ip-address', /no IP address/],
    ['broker --cn mqtt.example.com --dns mqtts://x', 'dns-name', /without scheme/],
    ['device --cn d1 --key-type dsa', 'key-kind', /no kind of key/],
    ['ca --cn x --passphrase-file missing', 'file-read', /Cannot read missing/],
    ['verify missing.crt --ca missing.crt', 'file-read', /Cannot read missing\.crt/],
    ['fleet --csv missing.csv', 'file-read', /Cannot read missing\.csv/],
  ];
  for (const [line, code, message] of expected) {
    await assert.rejects(run([...line.split(' '), ...dir]), userError(code, message), line);
  }
});

test('a name in a certificate cannot steer the terminal, whatever prints it', async () => {
  const { store } = await testPki();
  const evil = await issue({ cn: 'pump\u001b]0;owned\u0007\u202e', notAfter: new Date(Date.now() + 86_400_000) });
  await mkdir(join(store.folder, 'devices'));
  await writeFile(join(store.folder, 'devices/pump.crt'), evil.pem);
  for (const words of [
    `list --dir ${store.folder}`,
    `verify --dir ${store.folder} ${store.folder}/devices/pump.crt`,
    `inspect ${store.folder}/devices/pump.crt`,
    `rehearse --dir ${store.folder} --on 2090-01-01`,
  ]) {
    const { out, err } = await certs(store.folder, words);
    assert.match(out, /pump⟦ESC⟧\]0;owned⟦BEL U\+202E⟧/, `${words}: ${err}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    assert.doesNotMatch(out, /[\u001b\u0007\u202e]/, words);
  }
});
