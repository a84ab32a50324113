import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrokerClient } from '../../../src/core/mqtt/brokerEvents';
import { BrokerRecord } from '../../../src/core/mqtt/brokerRecord';
import { explainHandshakeFailure } from '../../../src/core/tls/handshakeRefusal';

const client = (id: string, sinceMs: number): BrokerClient => ({
  id,
  commonName: id,
  username: null,
  remoteAddress: '10.0.0.2',
  transport: 'tls',
  tlsVersion: 'TLSv1.2',
  cipher: 'x',
  sinceMs,
});
const alert = (number: number) => ({
  code: 'ERR_SSL_ALERT',
  message: `error:0A000418:SSL routines:ssl3_read_bytes:alert:SSL alert number ${number}`,
});
const failed = (remoteAddress: string, number: number, timeMs: number) =>
  ({ type: 'handshakeFailed', timeMs, remoteAddress, refusal: explainHandshakeFailure(alert(number)) }) as const;

describe('broker record', () => {
  it('lists who is connected', () => {
    const record = new BrokerRecord();
    record.apply({ type: 'clientConnected', timeMs: 1, client: client('a', 1) });
    record.apply({ type: 'clientConnected', timeMs: 2, client: client('b', 2) });
    record.apply({ type: 'clientDisconnected', timeMs: 3, client: client('a', 1) });
    assert.deepEqual(
      record.clients.map(({ id }) => id),
      ['b'],
    );
  });

  it('keeps a client that took its own id over', () => {
    const record = new BrokerRecord();
    record.apply({ type: 'clientConnected', timeMs: 1, client: client('a', 1) });
    record.apply({ type: 'clientConnected', timeMs: 5, client: client('a', 5) });
    record.apply({ type: 'clientDisconnected', timeMs: 5, client: client('a', 1) });
    assert.equal(record.clients.length, 1);
  });

  it('counts the same refusal of the same board once, latest first', () => {
    const record = new BrokerRecord();
    record.apply(failed('10.0.0.2', 48, 1));
    record.apply(failed('10.0.0.3', 42, 2));
    record.apply(failed('10.0.0.2', 48, 3));
    const rows = record.refusals.map(({ remoteAddress, code, count }) => [remoteAddress, code, count]);
    assert.deepEqual(rows, [
      ['10.0.0.2', 'alert-unknown-ca', 2],
      ['10.0.0.3', 'alert-bad-certificate', 1],
    ]);
  });

  it('does not count a port check as a refusal', () => {
    const record = new BrokerRecord();
    const refusal = explainHandshakeFailure({ code: 'ECONNRESET', message: 'socket hang up', bytesReceived: 0 });
    assert.equal(record.apply({ type: 'handshakeFailed', timeMs: 1, remoteAddress: '::1', refusal }), false);
    assert.equal(record.refusals.length, 0);
  });

  it('keeps a bounded number of refusals', () => {
    const record = new BrokerRecord();
    for (let i = 0; i < 200; i++) record.apply(failed(`10.0.0.${i}`, 48, i));
    assert.equal(record.refusals.length, 50);
    assert.equal(record.refusals[0]?.remoteAddress, '10.0.0.199');
  });
});
