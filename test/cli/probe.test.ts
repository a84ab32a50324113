import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { startLocalBroker } from '../../src/io/broker/localBroker';
import { runCli } from '../support/cli';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet } from '../support/testAuthority';

let good: Awaited<ReturnType<typeof goodSet>>;
let other: typeof good;
before(async () => {
  [good, other] = await Promise.all([goodSet(), goodSet()]);
});

async function setUp(t: TestContext) {
  const folder = temporaryFolder('secure-iot-probe');
  const files = { ca: join(folder, 'ca.crt'), other: join(folder, 'other.crt') };
  await writeFile(files.ca, good.ca.pem);
  await writeFile(files.other, other.ca.pem);
  const broker = await startLocalBroker({
    ca: good.ca.pem,
    certificate: good.broker.pem,
    key: good.broker.keyPem,
    host: '127.0.0.1',
    port: 0,
    requireClientCertificate: false,
  });
  t.after(() => broker.stop());
  return { files, address: `mqtts://localhost:${broker.port}` };
}

const run = (words: readonly string[]) => runCli(process.cwd(), ['probe', ...words]);

describe('secure-iot probe', () => {
  it('ends with 0 and a report when the chain is trusted and the name matches', async (t) => {
    const { files, address } = await setUp(t);
    const { code, out } = await run([address, '--ca', files.ca]);
    assert.equal(code, 0, out);
    assert.match(out, /The certificate is trusted and for this name/);
    assert.match(out, /works +ESP32 Arduino 3\.x/);
    assert.match(out, /FAILED Anonymous access/);
  });

  it('ends with 1 for another CA, and says in JSON what each board prints', async (t) => {
    const { files, address } = await setUp(t);
    const { code, out } = await run([address, '--ca', files.other, '--json']);
    assert.equal(code, 1);
    const report = JSON.parse(out) as { trusted: boolean; boards: { board: string; code: string }[] };
    assert.equal(report.trusted, false);
    assert.equal(report.boards.find(({ board }) => board === 'ESP-IDF 5.x')?.code, '-0x2700');
    assert.equal(report.boards[0]?.code, 'BearSSL error 62');
    assert.doesNotMatch(out, /PRIVATE KEY/);
  });

  it('ends with 1 for a name that is not in the certificate', async (t) => {
    const { files, address } = await setUp(t);
    const { code, out } = await run([address, '--ca', files.ca, '--servername', 'mqtt.example.com', '--markdown']);
    assert.equal(code, 1);
    assert.match(out, /^# TLS test of localhost:/);
  });

  it('writes SARIF for code scanning, one format at a time', async (t) => {
    const { files, address } = await setUp(t);
    const { code, out } = await run([address, '--ca', files.other, '--sarif']);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).runs[0].results[0].ruleId, 'tls/trust');
    assert.equal((await run([address, '--sarif', '--json'])).code, 2);
  });

  it('ends with 2 when nothing listens, and with 2 for a call that makes no sense', async () => {
    const closed = await run([`localhost:${await freePort()}`]);
    assert.equal(closed.code, 2);
    assert.match(closed.err, /Nothing listens/);
    assert.equal((await run(['http://localhost'])).code, 2);
    assert.equal((await run(['localhost', '--cert', 'x'])).code, 2);
  });

  it('names the file of a broken PEM', async (t) => {
    const { files, address } = await setUp(t);
    await writeFile(files.other, good.ca.pem.replaceAll('\n', ''));
    const { code, err } = await run([address, '--ca', files.other]);
    assert.equal(code, 1);
    assert.match(err, /other\.crt: .*the line breaks are lost/);
    const client = await run([address, '--ca', files.ca, '--cert', files.other, '--key', files.ca]);
    assert.match(client.err, /other\.crt: .*the line breaks are lost/);
  });
});
