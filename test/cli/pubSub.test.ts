import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Aedes } from 'aedes';
import { newProfile } from '../../src/core/mqtt/connectionProfile';
import { sharedConnections } from '../../src/core/mqtt/sharedConnections';
import { startLocalBroker } from '../../src/io/broker/localBroker';
import { makeCertificateFolder } from '../support/certificateFolder';
import { runCli, SECURE_IOT, startCli } from '../support/cli';
import { type Mosquitto, startMosquitto } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';

let folder: string;
let mutual: Mosquitto;
let oneWay: Mosquitto;

before(async () => {
  folder = temporaryFolder('pub-sub');
  const certs = await makeCertificateFolder(join(folder, 'certs'), { brokerNames: 'DNS:localhost' });
  const read = (file: string) => readFile(join(certs, file), 'utf8');
  const identity = {
    ca: await read('ca/ca.crt'),
    certificate: await read('broker/broker.crt'),
    key: await read('broker/broker.key'),
  };
  mutual = await startMosquitto({ ...identity, requireCertificate: true });
  await writeFile(join(folder, 'passwords'), 'anna:open-sesame\n');
  execFileSync('mosquitto_passwd', ['-U', join(folder, 'passwords')]);
  await writeFile(join(folder, 'rights'), 'user anna\ntopic readwrite home/#\n');
  oneWay = await startMosquitto({
    ...identity,
    extraLines: [
      'allow_anonymous false',
      `password_file ${join(folder, 'passwords')}`,
      `acl_file ${join(folder, 'rights')}`,
    ],
  });
});
after(async () => {
  await mutual?.stop();
  await oneWay?.stop();
});

const address = (): string => `mqtts://localhost:${mutual.port}`;

/** `secure-iot sub`, once it has subscribed. */
async function subscriber(t: TestContext, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [...SECURE_IOT, 'sub', ...args, '--trace'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const out: Buffer[] = [];
  let err = '';
  child.stdout?.on('data', (chunk) => out.push(chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      err += chunk;
      if (/SUBACK/.test(err)) resolve();
    });
    void ended.then(() => reject(new Error(`it ended: ${err}`)));
  });
  return { child, ended, bytes: () => Buffer.concat(out), out: () => Buffer.concat(out).toString(), err: () => err };
}

const pub = (line: string, env: NodeJS.ProcessEnv = {}, input = '') => runCli(folder, `pub ${line}`, env, input);
const sub = (line: string, env: NodeJS.ProcessEnv = {}) => runCli(folder, `sub ${line}`, env);

describe('secure-iot pub and sub', { concurrency: 3 }, () => {
  it("use the certificates folder's authority and device certificate without being told", async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'first/+', '-C', '1']);
    const { code, err } = await pub(`${address()} -t first/room -m 21.5 -q 1`);
    assert.equal(code, 0, err);
    assert.match(err, /^Connected to mqtts:\/\/localhost:\d+, TLSv1\.3 TLS_AES_\w+, as sensor-1\.$/m);
    assert.equal(await heard.ended, 0);
    assert.equal(heard.out(), 'first/room 21.5\n');
    assert.match(mutual.log(), /u'sensor-1'/);
  });

  it('carry every byte from a file through to a pipe, also a payload of 2 MB', async (t) => {
    const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => (index * 7919) & 0xff));
    await writeFile(join(folder, 'payload.bin'), bytes);
    const heard = await subscriber(t, [address(), '-t', 'bytes', '-C', '1', '--payload', '-q', '1']);
    assert.equal((await pub(`${address()} -t bytes -f payload.bin -q 1`)).code, 0);
    assert.equal(await heard.ended, 0);
    assert.ok(heard.bytes().equals(Buffer.concat([bytes, Buffer.from('\n')])));
  });

  it('print one JSON object a message, with MQTT 5 properties, and bytes that are no text in base64', async (t) => {
    const heard = await subscriber(t, [address(), '--mqtt', '5', '-t', 'json/#', '-C', '2', '-q', '2', '--json']);
    const properties = '--content-type application/json --property unit=C --property unit=K --expiry 60';
    assert.equal((await pub(`${address()} -t json/a -m {"t":1} -q 2 ${properties}`)).code, 0);
    assert.equal((await pub(`${address()} -t json/b -m "00 ff" --hex --mqtt 5`)).code, 0);
    assert.equal(await heard.ended, 0);
    const [first, second] = heard
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(Math.abs(Date.parse(first.time) - Date.now()) < 60_000);
    const { time: _, properties: told, ...rest } = first;
    assert.deepEqual(rest, {
      topic: 'json/a',
      qos: 2,
      retained: false,
      bytes: 7,
      encoding: 'text',
      payload: '{"t":1}',
    });
    const wanted = [
      ['contentType', 'application/json'],
      ['messageExpiryInterval', '60'],
      ['unit', 'C'],
      ['unit', 'K'],
    ];
    assert.deepEqual(told.toSorted(), wanted);
    assert.deepEqual([second.encoding, second.payload], ['base64', 'AP8=']);
  });

  it('send a message for each line of standard input, in their order', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'lines', '-C', '300', '--payload', '-q', '1']);
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index} äöü`);
    const { code, out } = await pub(`${address()} -t lines --lines -q 1 --json`, {}, `${lines.join('\n')}\n`);
    assert.equal(code, 0);
    assert.equal(out.trim().split('\n').length, 300);
    assert.equal(await heard.ended, 0);
    assert.equal(heard.out(), `${lines.join('\n')}\n`);
  });

  it('read standard input as one payload, and repeat a message', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'again', '-C', '3', '--hex']);
    assert.equal((await pub(`${address()} -t again -f - --repeat 3 --every 0.05`, {}, 'a\nb')).code, 0);
    assert.equal(await heard.ended, 0);
    assert.equal(heard.out(), 'again 610a62\n'.repeat(3));
  });

  it('retain a message, leave it out on request, and clear it', async () => {
    assert.equal((await pub(`${address()} -t kept/state -m on -r -q 1`)).code, 0);
    assert.equal((await sub(`${address()} -t kept/# -C 1`)).out, 'kept/state (retained) on\n');
    const without = await sub(`${address()} -t kept/# --no-retained --for 0.5`);
    assert.deepEqual([without.code, without.out], [0, '']);
    assert.equal((await pub(`${address()} -t kept/state --empty -r -q 1`)).code, 0);
    const cleared = await sub(`${address()} -t kept/# -C 1 --for 0.5`);
    assert.equal(cleared.code, 1);
    assert.match(cleared.err, /0 of 1 messages came/);
  });

  it('clear the retained messages of a branch, after showing which', async () => {
    for (const topic of ['branch/a', 'branch/b/c', 'elsewhere/d'])
      assert.equal((await pub(`${address()} -t ${topic} -m x -r -q 1`)).code, 0);
    const asked = await pub(`${address()} --clear branch/#`);
    assert.deepEqual([asked.code, asked.out], [1, 'branch/a\nbranch/b/c\n']);
    assert.match(asked.err, /Nothing was cleared yet\. Run it again with --yes/);
    const done = await pub(`${address()} --clear branch/# --yes`);
    assert.deepEqual([done.code, done.out], [0, asked.out]);
    assert.match(done.err, /2 retained messages cleared\./);
    assert.match((await pub(`${address()} --clear branch/# --yes`)).err, /0 retained messages cleared/);
    assert.equal((await sub(`${address()} -t elsewhere/# -t branch/# -C 1`)).out, 'elsewhere/d (retained) x\n');
  });

  it('clear nothing when they are stopped while they look for what there is', async (t) => {
    assert.equal((await pub(`${address()} -t precious/state -m on -r -q 1`)).code, 0);
    const clearing = startCli(t, folder, ['pub', ...`${address()} --clear precious/# --yes`.split(' ')]);
    await clearing.line(/Connected to/);
    await clearing.kill('SIGINT');
    assert.equal(await clearing.ended, 130);
    assert.equal((await sub(`${address()} -t precious/# -C 1`)).out, 'precious/state (retained) on\n');
  });

  it('lay out JSON with all its digits, CBOR and other bytes', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'pretty/#', '-C', '3', '--pretty', '-q', '1']);
    await pub(`${address()} -t pretty/json -m {"id":12345678901234567890,"list":[1,{}]} -q 1`);
    await pub(`${address()} -t pretty/cbor -m a16174f94d60 --hex -q 1`);
    await pub(`${address()} -t pretty/bytes -m ff00fe --hex -q 1`);
    assert.equal(await heard.ended, 0);
    assert.match(
      heard.out(),
      /^pretty\/json \(QoS 1\)\n {2}\{\n {4}"id": 12345678901234567890,\n {4}"list": \[\n {6}1,\n {6}\{\}\n/,
    );
    assert.match(heard.out(), /pretty\/cbor.*\n.*\n?.*21\.5/);
    assert.match(heard.out(), /ff 00 fe/);
  });

  it('show what would steer the terminal as marks, in topics and payloads', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'evil/#', '-C', '1']);
    await pub(`${address()} -t "evil/\u202eabc" -m "1b5b324a6f6b" --hex`);
    await heard.ended;
    assert.equal(heard.out(), 'evil/⟦U+202E⟧abc ⟦ESC⟧[2Jok\n');
  });

  it('leave a Last Will when they are killed', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'will/#', '-C', '1', '-q', '1']);
    const will = ['--will-topic', 'will/state', '--will-message', 'gone', '--will-qos', '1'];
    const { child } = await subscriber(t, [address(), '-t', 'other', ...will]);
    child.kill('SIGKILL');
    assert.equal(await heard.ended, 0);
    assert.equal(heard.out(), 'will/state (QoS 1) gone\n');
  });

  it('end with 0 on Ctrl+C, having said goodbye', async (t) => {
    const heard = await subscriber(t, [address(), '-i', 'polite', '-t', 'x']);
    heard.child.kill('SIGINT');
    assert.equal(await heard.ended, 0);
    await mutual.logShows(/Client polite disconnected\.|Received DISCONNECT from polite/);
  });

  it('log in with the password of the environment, never one of the address', async () => {
    const there = `mqtts://localhost:${oneWay.port}`;
    const env = { SECURE_IOT_MQTT_PASSWORD: 'open-sesame' };
    assert.equal((await pub(`${there} -u anna -t home/x -m 1 -q 1`, env)).code, 0);
    const wrong = await pub(`${there} -u anna -t home/x -m 1`, { SECURE_IOT_MQTT_PASSWORD: 'guess' });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /Not authorized|Bad user name/);
    assert.match(wrong.err, /SECURE_IOT_MQTT_PASSWORD/);
    const inAddress = await pub(`mqtts://anna:open-sesame@localhost:${oneWay.port} -t home/x -m 1`, env);
    assert.equal(inAddress.code, 1);
    assert.match(inAddress.err, /does not belong in an address/);
    for (const { out, err } of [wrong, inAddress]) assert.doesNotMatch(out + err, /open-sesame|guess/);
  });

  it('end with 1 when the broker refuses the message, which MQTT 5 tells', async () => {
    const there = `mqtts://anna@localhost:${oneWay.port} --mqtt 5`;
    const env = { SECURE_IOT_MQTT_PASSWORD: 'open-sesame' };
    const refused = await pub(`${there} -t forbidden -m 1 -q 1`, env);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /Not authorized/i);
  });

  it('end with 1 when the broker refuses the filter', async (t) => {
    const aedes = await Aedes.createBroker();
    aedes.authorizeSubscribe = (_client, subscription, done) =>
      done(null, subscription.topic.startsWith('forbidden') ? null : subscription);
    const server = createServer(aedes.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close(() => aedes.close()));
    const there = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const all = await sub(`${there} -t forbidden/#`);
    assert.equal(all.code, 1);
    assert.match(all.err, /"forbidden\/#" was not subscribed to: The broker refused this topic filter/);
    const one = await sub(`${there} -t forbidden/# -t open --for 0.3`);
    assert.equal(one.code, 1, 'the other one was listened to, and the refusal is not forgotten');
  });

  it('name the cause of a refused certificate, what it was, and the diagnosis that mends it', async () => {
    const other = await makeCertificateFolder(join(folder, 'other'), { caName: 'Other CA' });
    const wrongCa = await sub(`${address()} --ca ${join(other, 'ca/ca.crt')} -C 1`);
    assert.equal(wrongCa.code, 2);
    assert.equal(wrongCa.out, '');
    assert.match(wrongCa.err, /certificate was refused: .*\((?:UNABLE|SELF_SIGNED)\w+\)/);
    assert.match(wrongCa.err, /It is CN=broker\.test, issued by CN=Test CA, valid until \d{4}-/);
    assert.match(wrongCa.err, /secure-iot diagnose --host localhost --port \d+ --ca \S+other\/ca\/ca\.crt$/m);
    const wrongName = await sub(`mqtts://127.0.0.1:${mutual.port} -C 1`);
    assert.match(wrongName.err, /it is for DNS:localhost, not for "127\.0\.0\.1"/);
    const diagnose = await runCli(folder, /secure-iot (diagnose.*)/.exec(wrongCa.err)?.[1] ?? '');
    assert.equal(diagnose.code, 1, diagnose.err);
  });

  it("trust this system's authorities on request", async () => {
    const plain = `mqtts://localhost:${oneWay.port} --ca system -u anna -t home/x -m 1`;
    const env = { SECURE_IOT_MQTT_PASSWORD: 'open-sesame' };
    assert.equal((await pub(plain, env)).code, 2);
    const trusted = await pub(plain, { ...env, NODE_EXTRA_CA_CERTS: join(folder, 'certs/ca/ca.crt') });
    assert.equal(trusted.code, 0, trusted.err);
    assert.match(trusted.err, /without a client certificate\.$/m, 'who we are is not told to a foreign broker');
  });

  it('name the certificates that could be shown to a broker that wants one', async () => {
    const { code, err } = await sub(`${address()} --as nobody -C 1`);
    assert.equal(code, 2);
    assert.match(err, /--as NAME shows one: sensor-1\./);
  });

  it('say that a plain port has no TLS, and speak to it as mqtt://', async (t) => {
    const plain = await startMosquitto({});
    t.after(() => plain.stop());
    const secured = await sub(`mqtts://localhost:${plain.port} -C 1 --ca certs/ca/ca.crt`);
    assert.equal(secured.code, 2);
    const { code, err } = await pub(`mqtt://localhost:${plain.port} -t a -m b`);
    assert.equal(code, 0);
    assert.match(err, /Connected to mqtt:\/\/localhost:\d+, without TLS\./);
  });

  it('decrypt the key with the passphrase of the environment', async () => {
    const key = join(folder, 'encrypted.key');
    execFileSync('openssl', [
      'pkcs8',
      '-topk8',
      '-v2',
      'aes256',
      '-passout',
      'pass:geheim',
      '-in',
      join(folder, 'certs/devices/sensor-1.key'),
      '-out',
      key,
    ]);
    const line = `${address()} -t a -m b --cert certs/devices/sensor-1.crt --key ${key}`;
    assert.equal((await pub(line, { SECURE_IOT_KEY_PASSPHRASE: 'geheim' })).code, 0);
    const wrong = await pub(line, { SECURE_IOT_KEY_PASSPHRASE: 'falsch' });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /passphrase is missing or wrong/);
    assert.match((await pub(line)).err, /SECURE_IOT_KEY_PASSPHRASE/);
  });

  it('connect by the name of a connection that VS Code exported', async () => {
    const profile = newProfile({
      id: 'a',
      name: 'Workshop',
      port: mutual.port,
      identity: { type: 'device', name: 'sensor-1' },
      subscriptions: [{ filter: 'shop/#', qos: 1 }],
    });
    await writeFile(join(folder, 'mqtt-connections.json'), sharedConnections([profile]));
    assert.equal((await pub('--connection Workshop -t shop/x -m 1 -r -q 1')).code, 0);
    assert.equal((await sub('--connection Workshop -C 1')).out, 'shop/x (retained) 1\n');
    const missing = await sub('--connection Workshed -C 1');
    assert.match(missing.err, /has no connection "Workshed"\. It has: "Workshop"\./);
  });

  it('come back and subscribe again when the broker restarts', async (t) => {
    const first = await startMosquitto({});
    const heard = await subscriber(t, [`mqtt://localhost:${first.port}`, '-t', 'back', '-C', '1']);
    await first.stop();
    const second = await startMosquitto({ port: first.port });
    t.after(() => second.stop());
    await second.logShows(/Sending SUBACK/);
    assert.equal((await pub(`mqtt://localhost:${first.port} -t back -m again`)).code, 0);
    assert.equal(await heard.ended, 0);
    assert.equal(heard.out(), 'back again\n');
    assert.match(heard.err(), /Trying again\.\n(?:.*\n)*Connected again\./);
  });

  it('say how many lines arrived when the connection breaks', async (t) => {
    const broker = await startMosquitto({});
    t.after(() => broker.stop());
    const child = spawn(
      process.execPath,
      [...SECURE_IOT, 'pub', `mqtt://localhost:${broker.port}`, '-t', 'a', '--lines', '-q', '1'],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    t.after(() => child.kill('SIGKILL'));
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stdin.on('error', () => undefined);
    child.stdin.write('one\ntwo\n');
    await broker.logShows(/Sending PUBACK[\s\S]*Sending PUBACK/);
    await broker.stop();
    const more = setInterval(() => child.stdin.write('three\n'), 50);
    t.after(() => clearInterval(more));
    assert.equal(await ended, 1);
    assert.match(err, /(connection to the broker was lost|may not have arrived: .*)\. 2 before it arrived\./);
  });

  it('make the broker wait for a reader who is slow, and lose nothing of QoS 1', async (t) => {
    const heard = await subscriber(t, [address(), '-t', 'slow', '-C', '40', '--payload', '-q', '1']);
    heard.child.stdout?.pause();
    await writeFile(join(folder, 'large.bin'), Buffer.alloc(1_000_000, 'x'));
    assert.equal((await pub(`${address()} -t slow -f large.bin -q 1 --repeat 40 --every 0`)).code, 0);
    heard.child.stdout?.resume();
    assert.equal(await heard.ended, 0);
    assert.equal(heard.bytes().length, 40 * 1_000_001);
  });

  it('tell an MQTT 5 client of the local broker which version to take', async (t) => {
    const read = (file: string) => readFile(join(folder, 'certs', file), 'utf8');
    const broker = await startLocalBroker({
      ca: await read('ca/ca.crt'),
      certificate: await read('broker/broker.crt'),
      key: await read('broker/broker.key'),
      host: '127.0.0.1',
      port: 0,
    });
    t.after(() => broker.stop());
    const { code, err } = await sub(`mqtts://localhost:${broker.port} --mqtt 5 -C 1`);
    assert.equal(code, 2);
    assert.match(err, /Unacceptable protocol version|Unsupported Protocol Version/);
    assert.match(err, /--mqtt 3\.1\.1/);
  });

  it('refuse options that do not fit together, with the usage', async () => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    const lines = [
      ['sub', 'give the address of a broker'],
      ['sub http://x', 'is no address of a broker'],
      ['sub mqtts://x -t a/#/b', '# stands alone'],
      ['sub mqtts://x -q 3', '--qos takes'],
      ['sub mqtts://x --json --pretty', 'choose one'],
      ['sub mqtt://x --ca f', '--ca is for TLS'],
      ['sub mqtts://x --insecure', 'insecure'],
      ['pub mqtts://x -t a', 'give the payload'],
      ['pub mqtts://x -m a', '--topic TOPIC is needed'],
      ['pub mqtts://x -t a -m b --cert f', 'go together'],
      ['pub mqtts://x -t a -m b --property x', 'NAME=VALUE'],
      ['pub mqtts://x --clear a -t b', 'without --topic'],
      ['pub mqtts://x -t a -m b --mqtt 4', '--mqtt takes'],
      ['pub mqtts://x -t a -m b --will-message m', '--will-topic'],
    ] as const;
    const results = await Promise.all(lines.map(([line]) => runCli(join(folder, 'empty'), line)));
    for (const [index, { code, err }] of results.entries()) {
      assert.equal(code, 2, lines[index]?.[0]);
      assert.ok(err.includes(lines[index]?.[1] ?? '?'), `${lines[index]?.[0]}: ${err}`);
    }
  });

  it('say what is wrong with a topic, a payload or a file before they connect', async () => {
    const there = 'mqtts://localhost:1';
    assert.match((await pub(`${there} -t a/+ -m b`)).err, /no wildcards/);
    assert.match((await pub(`${there} -t a -m xyz --hex`)).err, /not hex/);
    assert.match((await pub(`${there} -t a -f nowhere.bin`)).err, /nowhere\.bin/);
  });
});
