// The TLS test against what is no TLS broker: it has to end, and to say what is there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { ConnectError } from '../../../src/io/mqtt/connectError';
import { probeTls } from '../../../src/io/tls/tlsProbe';
import { freePort } from '../../support/mosquitto';
import { goodSet } from '../../support/testAuthority';

async function server(t: TestContext, handler: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handler(socket);
  });
  listening.listen(0, host);
  await once(listening, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  return (listening.address() as { port: number }).port;
}

/** A silent server is waited for `timeoutMs`; whoever speaks gets longer, for a busy machine. */
const probe = (port: number, host = '127.0.0.1', timeoutMs = 1_000) =>
  probeTls({ host, port, timeoutMs, nowMs: Date.now() });

async function failure(running: Promise<unknown>): Promise<{ readonly code: string; readonly reason: string }> {
  const error = await running.then(
    () => assert.fail('the test came through'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectError, String(error));
  return error.failure;
}

/** Writes as fast as it is taken, until the connection is gone. */
function flood(socket: Socket, chunk: Uint8Array): void {
  const more = (): void => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

const garbage = Buffer.from('de ad be ef 00 11 22 33'.replaceAll(' ', ''), 'hex');
/** A handshake record that promises a message of 16 MB. */
const endless = Buffer.concat([Buffer.of(22, 3, 3, 0x40, 0, 11, 0xff, 0xff, 0xff), Buffer.alloc(0x4000 - 4, 7)]);

describe('TLS test of what is no TLS broker', () => {
  for (const [name, handler, code, says] of [
    ['a web server', (s: Socket) => void s.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'HTTP', /is a web server/],
    ['an SSH server', (s: Socket) => void s.write('SSH-2.0-OpenSSH_9.2\r\n'), 'SSH', /is an SSH server/],
    ['a mail server', (s: Socket) => void s.write('220 mail.example.com ESMTP\r\n'), 'MAIL', /like a mail/],
    ['a closed door', (s: Socket) => void s.destroy(), 'CLOSED', /closes it at once/],
    ['a reset', (s: Socket) => void s.once('data', () => s.resetAndDestroy()), 'CLOSED', /closes it at once/],
    ['a server that stalls', () => undefined, 'STALLED', /says nothing for 0\.3 s/],
    ['garbage', (s: Socket) => void s.end(garbage), 'NOT-TLS', /begins with de ad be ef/],
    ['a flood of garbage', (s: Socket) => flood(s, Buffer.alloc(65_536, 0xaa)), 'NOT-TLS', /begins with aa aa/],
    ['a flood of TLS records', (s: Socket) => flood(s, endless), 'NOT-TLS', /begins with 16 03 03/],
  ] as const) {
    it(`names ${name}`, async (t) => {
      const found = await failure(probe(await server(t, handler), '127.0.0.1', code === 'STALLED' ? 300 : undefined));
      assert.equal(found.code, code);
      assert.match(found.reason, says);
      assert.match(found.reason, /8883/);
    });
  }

  it('says that nothing listens', async () => {
    const found = await failure(probe(await freePort()));
    assert.equal(found.code, 'ECONNREFUSED');
    assert.match(found.reason, /Nothing listens/);
  });

  it('says that a name is not known', async () => {
    const found = await failure(probe(8883, 'broker.invalid'));
    assert.match(found.code, /ENOTFOUND|EAI_AGAIN/);
    assert.match(found.reason, /"broker\.invalid"/);
  });

  it('says that an address cannot be reached', async () => {
    const found = await failure(probe(8883, '192.0.2.1', 300)); // TEST-NET-1, RFC 5737
    assert.match(found.reason, /does not answer|no way to|Nothing listens/);
  });

  it('reaches a broker by its IPv6 address', async (t) => {
    const { ca, broker } = await goodSet();
    const listening = createTlsServer({ cert: broker.pem, key: broker.keyPem }, (socket) => socket.end());
    listening.on('tlsClientError', () => undefined);
    listening.listen(0, '::1');
    const ready = await Promise.race([once(listening, 'listening'), once(listening, 'error')]);
    if (ready.length > 0) return t.skip('this machine has no IPv6');
    t.after(() => listening.close());
    const { port } = listening.address() as { port: number };
    for (const host of ['::1', '[::1]']) {
      const report = await probeTls({ host, port, tls: { ca: ca.pem }, timeoutMs: 1_000, nowMs: Date.now() });
      assert.deepEqual([report.trust.chainProblem, report.trust.nameProblem], ['', 'ERR_TLS_CERT_ALTNAME_INVALID']);
    }
  });

  it('stops when it is told to', async (t) => {
    const port = await server(t, () => undefined);
    const abort = new AbortController();
    const running = probeTls({ host: '127.0.0.1', port, timeoutMs: 5_000, nowMs: 0, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('stopped')), 50);
    await assert.rejects(running, /stopped/);
  });
});
