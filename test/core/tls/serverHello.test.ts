import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clientHello } from '../../../src/core/tls/clientHello';
import { HandshakeMessages } from '../../../src/core/tls/handshakeMessages';
import { HelloReplyReader } from '../../../src/core/tls/serverHello';

function read(chunks: readonly Uint8Array[]) {
  const reader = new HelloReplyReader();
  for (const chunk of chunks) reader.push(chunk);
  return reader.reply;
}

/** ServerHello of TLS 1.2: suite 0xc02b, a session id of one byte, MFLN 512 and a ticket. */
const SERVER_HELLO = Uint8Array.from([
  ...[22, 3, 3, 0, 54, 2, 0, 0, 50, 3, 3],
  ...new Array(32).fill(7),
  ...[1, 9, 0xc0, 0x2b, 0],
  ...[0, 9, 0, 1, 0, 1, 1, 0, 35, 0, 0],
]);

describe('server hello', () => {
  it('is read with its version, suite and extensions', () => {
    assert.deepEqual(read([SERVER_HELLO]), {
      version: 0x0303,
      suite: 0xc02b,
      retry: false,
      sessionId: true,
      ticket: true,
      maxFragment: 1,
      complete: false,
    });
  });

  it('is the same however the network cuts it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: SERVER_HELLO.length - 1 }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), SERVER_HELLO.length];
        const chunks = places.slice(1).map((end, index) => SERVER_HELLO.subarray(places[index], end));
        assert.deepEqual(read(chunks), read([SERVER_HELLO]));
      }),
    );
  });

  it('tells an alert', () => {
    assert.deepEqual(read([Uint8Array.of(21, 3, 3, 0, 2, 2, 70)]), { alert: 70, complete: true });
  });

  it('tells what is no TLS', () => {
    assert.equal(read([new TextEncoder().encode('HTTP/1.1 400 Bad Request')]).notTls, true);
  });

  it('gives up on a handshake without an end, in bounded memory', () => {
    const record = new Uint8Array(5 + 16_384);
    record.set([22, 3, 3, 0x40, 0]);
    const first = record.slice();
    first.set([2, 0xff, 0xff, 0xff], 5); // a ServerHello of 16 MB
    for (const floods of [[first, ...new Array(20).fill(record)], new Array(21).fill(record)]) {
      const reply = read(floods);
      assert.deepEqual([reply.notTls, reply.complete], [true, true]);
      const messages = new HandshakeMessages(new Uint8Array());
      for (const one of floods) messages.push(one);
      assert.equal(messages.ended, true);
      assert.ok(messages.transcript.length <= 300_000);
    }
  });

  it('never throws, whatever comes', () => {
    const records = fc
      .uint8Array({ maxLength: 200 })
      .map((body) => Uint8Array.from([22, 3, 3, 0, body.length, ...body]));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), records)), (chunks) => void read(chunks)),
    );
  });
});

describe('client hello', () => {
  it('says its own length in each of its layers', () => {
    fc.assert(
      fc.property(fc.constantFrom('1.0', '1.1', '1.2', '1.3'), fc.boolean(), (version, named) => {
        const random = new Uint8Array(32).fill(1);
        const name = named ? { servername: 'mqtt.example.com' } : {};
        const hello = clientHello({ version: version as '1.2', suites: [0xc02b], random, maxFragment: 512, ...name });
        const view = new DataView(hello.buffer);
        assert.equal(view.getUint16(3), hello.length - 5);
        assert.equal((hello[6]! << 16) | view.getUint16(7), hello.length - 9);
      }),
    );
  });
});
