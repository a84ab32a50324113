import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import fc from 'fast-check';
import { commonSuites } from '../../../src/core/tls/boardOffer';
import { clientHello12 } from '../../../src/core/tls/clientHello12';
import { type ServerFlight, ServerFlightReader } from '../../../src/core/tls/serverFlight12';
import { readElement, toHex } from '../../../src/core/x509/der';
import { readName } from '../../../src/core/x509/name';
import { goodSet, issue } from '../../support/testAuthority';

const suites = commonSuites(['mbedtls-2.28']).map(({ code }) => code);

/** Says hello to a real OpenSSL server; returns the flight and the raw bytes. */
async function hello(options: object): Promise<{ flight: ServerFlight; bytes: Buffer }> {
  const server = createServer(options);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  socket.on('error', () => undefined);
  const reader = new ServerFlightReader();
  const chunks: Buffer[] = [];
  socket.write(clientHello12(new Uint8Array(32).fill(7), suites, 'localhost'));
  const deadline = setTimeout(() => socket.destroy(), 5000);
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      reader.push(chunk);
      if (reader.finished) resolve();
    });
    socket.on('close', () => resolve());
  });
  clearTimeout(deadline);
  socket.destroy();
  server.close();
  return { flight: reader.state, bytes: Buffer.concat(chunks) };
}

test('the chain comes as sent, with the request for a client certificate and the CAs it names', async () => {
  const { ca, broker } = await goodSet();
  const stray = await issue({ cn: 'stray' });
  const pems = [broker, stray, ca].map(({ pem }) => pem).join('');
  const { flight, bytes } = await hello({ cert: pems, key: broker.keyPem, ca: ca.pem, requestCert: true });
  assert.ok(flight.complete);
  assert.deepEqual(
    flight.chain.map((der) => toHex(der)),
    [broker, stray, ca].map(({ der }) => toHex(der)),
  );
  const issuers = (flight.acceptedIssuers ?? []).map((der) => readName(readElement(der)).text);
  assert.deepEqual(issuers, ['CN=Workshop CA']);
  // However the bytes are cut on the way, the same is read.
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const reader = new ServerFlightReader();
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (let i = 1; i < places.length; i++) reader.push(bytes.subarray(places[i - 1], places[i]));
      assert.deepEqual(reader.state, flight);
    }),
    { numRuns: 50 },
  );
});

test('a server that asks for nothing, and one that takes only TLS 1.3', async () => {
  const { broker } = await goodSet();
  const plain = await hello({ cert: broker.pem, key: broker.keyPem });
  assert.equal(plain.flight.acceptedIssuers, undefined);
  const only13 = await hello({ cert: broker.pem, key: broker.keyPem, minVersion: 'TLSv1.3' });
  assert.equal(only13.flight.alert, 70);
});

test('any bytes are read without an exception, and text is no TLS', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      const reader = new ServerFlightReader();
      for (const chunk of chunks) reader.push(chunk);
    }),
  );
  const reader = new ServerFlightReader();
  reader.push(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n'));
  assert.ok(reader.state.notTls);
});
