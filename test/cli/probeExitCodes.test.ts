// `secure-iot probe` as a gate in CI: its exit code and the JSON that scripts read, against openssl s_server.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { runCli } from '../support/cli';
import { startSServer } from '../support/sServer';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet, issue, type TestIdentity } from '../support/testAuthority';

const san = [{ type: 'dns', value: 'localhost' }] as const;
const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };

describe('secure-iot probe as a gate', () => {
  let good: Awaited<ReturnType<typeof goodSet>>;
  let below: { intermediate: TestIdentity; leaf: TestIdentity };
  let folder: string;
  const file = (name: string) => join(folder, name);
  const server = ({ pem, keyPem }: TestIdentity, more: Readonly<Record<string, string>> = {}) => ({
    'server.crt': pem,
    'server.key': keyPem,
    'ca.crt': good.ca.pem,
    ...more,
  });
  const BASE = ['-cert', '@server.crt', '-key', '@server.key'];

  before(async () => {
    good = await goodSet();
    const intermediate = await issue({ cn: 'Intermediate', issuer: good.ca, ca: true });
    below = { intermediate, leaf: await issue({ cn: 'localhost', issuer: intermediate, san: [...san] }) };
    folder = temporaryFolder('probe-gate');
    await writeFile(file('ca.crt'), good.ca.pem);
    await writeFile(file('device.crt'), good.device.pem);
    await writeFile(file('device.key'), good.device.keyPem);
  });

  /** s_server never answers MQTT: waiting longer for it tells nothing. */
  async function probe(port: number, ...more: readonly string[]) {
    const { code, out, err } = await runCli(process.cwd(), [
      'probe',
      `mqtts://localhost:${port}`,
      '--json',
      '--timeout',
      '1000',
      ...more,
    ]);
    return { code, err, report: JSON.parse(out) as Record<string, unknown> };
  }

  const rsa = () => issue({ cn: 'localhost', issuer: good.ca, key: 'rsa-2048', san: [...san] });
  const cases: readonly (readonly [string, number, () => Promise<TestIdentity>, (readonly string[])?])[] = [
    ['an ECDSA certificate', 0, async () => good.broker],
    ['an RSA certificate', 0, rsa],
    ['TLS 1.2 only', 0, async () => good.broker, ['-tls1_2']],
    ['TLS 1.3 only', 0, async () => good.broker, ['-tls1_3']],
    ['a client certificate wanted', 0, async () => good.broker, ['-verify', '3', '-CAfile', '@ca.crt']],
    ['an expired certificate', 1, () => issue({ cn: 'localhost', issuer: good.ca, san: [...san], ...past })],
    ['another name', 1, () => issue({ cn: 'x', issuer: good.ca, san: [{ type: 'dns', value: 'x.example' }] })],
    ['a certificate that signed itself', 1, () => issue({ cn: 'localhost', san: [...san] })],
    ['a missing intermediate', 1, async () => below.leaf],
  ];
  for (const [what, expected, identity, args = []] of cases) {
    it(`ends with ${expected} for ${what}`, async (t) => {
      const port = await startSServer(t, [...BASE, ...args], server(await identity()));
      if (port === undefined) return;
      const { code, report } = await probe(port, '--ca', file('ca.crt'));
      assert.deepEqual([code, report['trusted']], [expected, expected === 0]);
    });
  }

  it('ends with 0 for an intermediate that is sent, and where a client certificate is required, with one or without', async (t) => {
    const chain = [...BASE, '-cert_chain', '@chain.crt', '-CAfile', '@ca.crt', '-Verify', '3', '-verify_return_error'];
    const port = await startSServer(t, chain, server(below.leaf, { 'chain.crt': below.intermediate.pem }));
    if (port === undefined) return;
    const ca = ['--ca', file('ca.crt')];
    const shown = await probe(port, ...ca, '--cert', file('device.crt'), '--key', file('device.key'));
    const none = await probe(port, ...ca);
    assert.deepEqual([shown.code, none.code], [0, 0]);
    assert.equal((none.report['clientCertificate'] as { required: boolean }).required, true);
  });

  it('ends with 2 and the reason in JSON for a port that floods', async (t) => {
    const flood = createServer((socket) => {
      const write = () => {
        while (socket.write(Buffer.alloc(65_536, 0x41)));
      };
      socket.on('error', () => undefined).on('drain', write);
      write();
    });
    await new Promise<void>((resolve) => flood.listen(0, '127.0.0.1', resolve));
    t.after(() => flood.close());
    const { code, report, err } = await probe((flood.address() as { port: number }).port);
    assert.equal(code, 2);
    assert.deepEqual(Object.keys(report), ['host', 'port', 'error']);
    const { reason } = report['error'] as { reason: string };
    assert.match(reason, /does not speak TLS/);
    assert.ok(err.includes(reason), 'the same for a person');
  });

  it('writes JSON that scripts can rely on: these keys, and no fewer', async (t) => {
    const port = await startSServer(t, BASE, server(good.broker));
    if (port === undefined) return;
    const { report } = await probe(port, '--ca', file('ca.crt'));
    const kind = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
    assert.deepEqual(Object.fromEntries(Object.entries(report).map(([key, value]) => [key, kind(value)])), {
      host: 'string',
      port: 'number',
      servername: 'string',
      timeMs: 'number',
      durationMs: 'number',
      connections: 'object',
      versions: 'object',
      suites: 'object',
      groups: 'array',
      fragmentSizes: 'array',
      chain: 'array',
      chainKnownBy: 'string',
      fingerprints: 'array',
      trust: 'object',
      clientCertificate: 'object',
      resumption: 'object',
      handshakes: 'array',
      ocsp: 'object',
      alpn: 'string',
      sameWithoutSni: 'boolean',
      mqtt: 'object',
      trusted: 'boolean',
      sections: 'array',
      boards: 'array',
    });
    const [board] = report['boards'] as readonly object[];
    assert.deepEqual(Object.keys(board ?? {}), ['board', 'stack', 'heap', 'verdict', 'code', 'why', 'change']);
  });
});
