// The generated files are run by a real mosquitto.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { explainMosquittoLog } from '../../src/core/mqtt/mosquittoLog';
import { MqttSession, type ReceivedMessage, type SessionState } from '../../src/io/mqttSession';
import { EventLog } from '../support/eventLog';
import { freePort } from '../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../support/testAuthority';
import { requireTool } from '../support/tools';

let good: Awaited<ReturnType<typeof goodSet>>;
let admin: TestIdentity;
before(async () => {
  good = await goodSet();
  admin = await issue({ cn: 'operator', issuer: good.ca, usages: ['clientAuth'] });
});

function run(args: readonly string[]): Promise<{ code: number; stderr: string; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'mosquitto', ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function folders(t: TestContext) {
  const base = await mkdtemp(join(tmpdir(), 'secure-iot-mosquitto-'));
  t.after(() => rm(base, { recursive: true }));
  const certs = join(base, 'certs');
  await mkdir(join(certs, 'ca'), { recursive: true });
  await mkdir(join(certs, 'broker'));
  await writeFile(join(certs, 'ca', 'ca.crt'), good.ca.pem);
  await writeFile(join(certs, 'broker', 'localhost.crt'), good.broker.pem);
  await writeFile(join(certs, 'broker', 'localhost.key'), good.broker.keyPem, { mode: 0o600 });
  return { certs, out: join(base, 'mosquitto') };
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

async function open(t: TestContext, port: number, identity?: TestIdentity) {
  const states = new EventLog<SessionState>();
  const messages = new EventLog<ReceivedMessage>();
  const pair = identity ? { certificate: identity.pem, key: identity.keyPem } : {};
  const session = new MqttSession(
    { protocol: 'mqtts', host: 'localhost', port, version: '5', timeoutMs: 3_000, tls: { ca: good.ca.pem, ...pair } },
    { onState: states.add, onMessage: messages.add },
  );
  t.after(() => session.disconnect());
  session.connect();
  const state = await states.until(({ type }) => type === 'connected' || type === 'failed');
  return { session, state, messages };
}

describe('secure-iot mosquitto', () => {
  it('writes a configuration that a real mosquitto runs: mutual TLS, and each device in its own topics', async (t) => {
    const mosquitto = requireTool(t, 'mosquitto');
    if (!mosquitto) return;
    const { certs, out } = await folders(t);
    const port = await freePort();
    const made = await run(['--out', out, '--dir', certs, '--port', String(port), '--admin', 'operator']);
    assert.equal(made.code, 0, made.stderr);
    const conf = join(out, 'mosquitto.conf');
    // Not part of what is made: a test as root has no user "mosquitto" that could read its folder.
    await writeFile(conf, `user root\nlog_type all\n${await readFile(conf, 'utf8')}`);
    const child = spawn(mosquitto, ['-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    const deadline = Date.now() + 5_000;
    while (!(await answers(port))) {
      assert.ok(Date.now() < deadline && child.exitCode === null, log);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const device = await open(t, port, good.device);
    assert.equal(device.state.type, 'connected', JSON.stringify(device.state));
    const operator = await open(t, port, admin);
    await operator.session.subscribe('#', 1);
    await device.session.publish('devices/esp32-device-001/telemetry', '21.5', { qos: 1 });
    assert.equal((await operator.messages.until(() => true)).topic, 'devices/esp32-device-001/telemetry');
    await assert.rejects(device.session.publish('devices/another/telemetry', 'x', { qos: 1 }), /Not authorized/i);
    const nobody = await open(t, port);
    assert.equal(nobody.state.type, 'failed');
    // mosquitto's log comes through a pipe, after the client has its answer.
    const explained = () => explainMosquittoLog(log).some(({ reason }) => /showed no certificate/.test(reason));
    const logDeadline = Date.now() + 5_000;
    while (!explained() && Date.now() < logDeadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(explained(), log);
  });

  it('never overwrites, and says what is missing', async (t) => {
    const { certs, out } = await folders(t);
    assert.equal((await run(['--out', out, '--dir', certs, '--compose'])).code, 0);
    assert.match(await readFile(join(out, 'compose.yaml'), 'utf8'), /eclipse-mosquitto:2/);
    const again = await run(['--out', out, '--dir', certs]);
    assert.equal(again.code, 1);
    assert.equal((await run(['--out', out, '--dir', join(certs, 'none')])).code, 1);
    assert.equal((await run([])).code, 2);
  });
});
