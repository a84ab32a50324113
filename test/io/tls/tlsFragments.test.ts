import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { ProbeLink } from '../../../src/io/tls/probeLink';
import { takenFragmentSizes } from '../../../src/io/tls/tlsFragments';

const message = (type: number, ...body: number[]): number[] => [type, 0, body.length >> 8, body.length & 0xff, ...body];

/** ServerHello for ECDHE-ECDSA-AES128-GCM-SHA256, no certificate, a key exchange on P-256 with `point`, ServerHelloDone. */
function flight(point: readonly number[]): Buffer {
  const random = Array<number>(32).fill(7);
  const messages = [
    ...message(2, 3, 3, ...random, 0, 0xc0, 0x2b, 0),
    ...message(12, 3, 0, 23, point.length, ...point, 4, 3, 0, 1, 0),
    ...message(14),
  ];
  return Buffer.from([22, 3, 3, messages.length >> 8, messages.length & 0xff, ...messages]);
}

test('a server whose key exchange is on no curve takes no fragment size, and ends nothing else', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(flight([4, ...Array<number>(64).fill(1)])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const link = new ProbeLink({ host: '127.0.0.1', port, timeoutMs: 2_000 });
  const started = Date.now();
  assert.deepEqual(await takenFragmentSizes(link), []);
  assert.ok(Date.now() - started < 1_500, 'it was waited for what cannot come');
});
