// The generated files are run by a real mosquitto.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { explainMosquittoLine } from '../../src/core/mqtt/mosquittoLog';
import { MqttSession, type ReceivedMessage, type SessionState } from '../../src/io/mqtt/mqttSession';
import { runCli } from '../support/cli';
import { EventLog } from '../support/eventLog';
import { freePort } from '../support/mosquitto';
import { watchProgram } from '../support/runningProgram';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet, issue, revocationList, type TestIdentity } from '../support/testAuthority';
import { requireTool } from '../support/tools';
import { until } from '../support/until';

let good: Awaited<ReturnType<typeof goodSet>>;
let admin: TestIdentity;
before(async () => {
  good = await goodSet();
  admin = await issue({ cn: 'operator', issuer: good.ca, usages: ['clientAuth'] });
});

const run = (words: readonly string[]) => runCli(process.cwd(), ['mosquitto', ...words]);

async function folders() {
  const base = temporaryFolder('secure-iot-mosquitto');
  const certs = join(base, 'certs');
  await mkdir(join(certs, 'ca'), { recursive: true });
  await mkdir(join(certs, 'broker'));
  await writeFile(join(certs, 'ca', 'ca.crt'), good.ca.pem);
  await writeFile(join(certs, 'broker', 'localhost.crt'), good.broker.pem);
  await writeFile(join(certs, 'broker', 'localhost.key'), good.broker.keyPem, { mode: 0o600 });
  return { certs, out: join(base, 'mosquitto') };
}

interface Visitor {
  readonly identity?: TestIdentity;
  readonly login?: { readonly username: string; readonly password: string };
  readonly protocol?: 'mqtt';
}

async function open(t: TestContext, port: number, { identity, login, protocol }: Visitor = {}) {
  const states = new EventLog<SessionState>();
  const messages = new EventLog<ReceivedMessage>();
  const pair = identity ? { certificate: identity.pem, key: identity.keyPem } : {};
  const tls = protocol ? {} : { tls: { ca: good.ca.pem, ...pair } };
  const host = protocol ? '127.0.0.1' : 'localhost';
  const session = new MqttSession(
    { protocol: protocol ?? 'mqtts', host, port, version: '5', timeoutMs: 3_000, ...tls, ...login },
    { onState: states.add, onMessage: messages.add },
  );
  t.after(() => session.disconnect());
  session.connect();
  const state = await states.until(({ type }) => type === 'connected' || type === 'failed');
  return { session, state, messages };
}

/** Runs the files as they were made, but for `user root`: a test as root has no user "mosquitto" that reads its folder. */
async function runMosquitto(t: TestContext, program: string, out: string) {
  const conf = join(out, 'mosquitto.conf');
  await writeFile(conf, `user root\nlog_type all\n${await readFile(conf, 'utf8')}`);
  const child = spawn(program, ['-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const broker = watchProgram(child);
  await broker.line(/mosquitto version .* running/);
  return broker;
}

function passwords(program: string, file: string, name: string, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, ['-c', '-b', file, name, password], (error) => (error ? reject(error) : resolve()));
  });
}

describe('secure-iot mosquitto', () => {
  it('writes a configuration that a real mosquitto runs: mutual TLS, and each device in its own topics', async (t) => {
    const mosquitto = requireTool(t, 'mosquitto');
    if (!mosquitto) return;
    const { certs, out } = await folders();
    const port = await freePort();
    const made = await run(['--out', out, '--dir', certs, '--port', String(port), '--admin', 'operator']);
    assert.equal(made.code, 0, made.err);
    const broker = await runMosquitto(t, mosquitto, out);
    const device = await open(t, port, { identity: good.device });
    assert.equal(device.state.type, 'connected', JSON.stringify(device.state));
    const operator = await open(t, port, { identity: admin });
    await operator.session.subscribe('#', 1);
    await device.session.publish('devices/esp32-device-001/telemetry', '21.5', { qos: 1 });
    assert.equal((await operator.messages.until(() => true)).topic, 'devices/esp32-device-001/telemetry');
    await assert.rejects(device.session.publish('devices/another/telemetry', 'x', { qos: 1 }), /Not authorized/i);
    const nobody = await open(t, port);
    assert.equal(nobody.state.type, 'failed');
    const explained = () =>
      broker
        .output()
        .split('\n')
        .some((line) => /showed no certificate/.test(explainMosquittoLine(line)?.reason ?? ''));
    await until(explained, "mosquitto's log explains nothing"); // it comes through a pipe, after the client has its answer
  });

  it('takes the revocation list along, and a revoked device is refused', async (t) => {
    const mosquitto = requireTool(t, 'mosquitto');
    if (!mosquitto) return;
    const { certs, out } = await folders();
    await writeFile(join(certs, 'ca', 'ca.crl'), await revocationList(good.ca, [good.device]));
    const port = await freePort();
    assert.equal((await run(['--out', out, '--dir', certs, '--port', String(port)])).code, 0);
    assert.match(await readFile(join(out, 'INSTALL.md'), 'utf8'), /copy `ca\/ca\.crl` again/);
    await runMosquitto(t, mosquitto, out);
    assert.equal((await open(t, port, { identity: good.device })).state.type, 'failed');
    assert.equal((await open(t, port, { identity: admin })).state.type, 'connected');
    const without = join(out, 'without');
    assert.equal((await run(['--out', without, '--dir', certs, '--no-crl'])).code, 0);
    assert.doesNotMatch(await readFile(join(without, 'mosquitto.conf'), 'utf8'), /crlfile/);
  });

  it('lets passwords in over TLS, and over the plain port of this machine only when asked for', async (t) => {
    const mosquitto = requireTool(t, 'mosquitto');
    const maker = requireTool(t, 'mosquitto_passwd');
    if (!mosquitto || !maker) return;
    const { certs, out } = await folders();
    const [port, plain] = [await freePort(), await freePort()];
    const args = ['--out', out, '--dir', certs, '--port', String(port), '--login', 'password'];
    assert.equal((await run([...args, '--plain-port', String(plain)])).code, 0);
    await passwords(maker, join(out, 'passwords'), 'kitchen', 'not so secret');
    await runMosquitto(t, mosquitto, out);
    const login = { username: 'kitchen', password: 'not so secret' };
    const inside = await open(t, port, { login });
    assert.equal(inside.state.type, 'connected', JSON.stringify(inside.state));
    await inside.session.publish('devices/kitchen/telemetry', '1', { qos: 1 });
    await assert.rejects(inside.session.publish('devices/bath/telemetry', '1', { qos: 1 }), /Not authorized/i);
    assert.equal((await open(t, port, { login: { ...login, password: 'wrong' } })).state.type, 'failed');
    assert.equal((await open(t, port)).state.type, 'failed', 'nobody anonymous');
    assert.equal((await open(t, plain, { login, protocol: 'mqtt' })).state.type, 'connected');
    assert.equal((await open(t, plain, { protocol: 'mqtt' })).state.type, 'failed', 'nobody anonymous there either');
  });

  it('writes the steps and paths of a server and of a container', async () => {
    const { certs, out } = await folders();
    const [server, container] = [join(out, 'server'), join(out, 'container')];
    assert.equal((await run(['--out', server, '--dir', certs, '--server'])).code, 0);
    assert.match(await readFile(join(server, 'mosquitto.conf'), 'utf8'), /certfile \/etc\/mosquitto\/certs\/broker\//);
    assert.match(await readFile(join(server, 'INSTALL.md'), 'utf8'), /install -D -m 600 -o mosquitto .*localhost\.key/);
    assert.equal((await run(['--out', container, '--dir', certs, '--compose', '--login', 'password'])).code, 0);
    const compose = await readFile(join(container, 'compose.yaml'), 'utf8');
    assert.match(compose, /eclipse-mosquitto:2/);
    assert.match(compose, /\.\/passwords:\/mosquitto\/config\/passwords:ro/);
  });

  it('never overwrites, leaves nothing half written, and says what is missing', async () => {
    const { certs, out } = await folders();
    await mkdir(out);
    await writeFile(join(out, 'acl'), 'mine');
    const refused = await run(['--out', out, '--dir', certs]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /acl is there already/);
    assert.deepEqual(await readdir(out), ['acl']);
    assert.equal((await run(['--out', out, '--dir', join(certs, 'none')])).code, 1);
    assert.equal((await run(['--out', join(out, 'b'), '--dir', certs, '--crl', 'none.crl'])).code, 1);
    assert.equal((await run([])).code, 2);
    assert.equal((await run(['--out', out, '--server', '--compose'])).code, 2);
    assert.equal((await run(['--out', out, '--port', 'x'])).code, 2);
  });
});
