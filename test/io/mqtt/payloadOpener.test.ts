import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ReceivedMessage } from '../../../src/io/mqtt/mqttSession';
import { sealCommand, sealPayload } from '../../../src/io/mqtt/payloadCipher';
import { PayloadOpener } from '../../../src/io/mqtt/payloadOpener';

const TOPIC = 'devices/pump/telemetry';
const [pump, valve] = [randomBytes(32), randomBytes(32)];
const opener = (): PayloadOpener =>
  new PayloadOpener(
    new Map([
      ['valve', valve],
      ['pump', pump],
    ]),
  ); // prettier-ignore
const message = (payload: Uint8Array, topic = TOPIC): ReceivedMessage => ({
  topic,
  payload,
  qos: 0,
  retain: false,
  duplicate: false,
}); // prettier-ignore
const sealed = (sequence: bigint, text = 'warm', key = pump) =>
  sealPayload(key, TOPIC, { sender: 'device', salt: randomBytes(3), sequence }, Buffer.from(text));
const said = ({ properties }: ReceivedMessage): string => properties?.at(-1)?.join(': ') ?? '';

test('what a device sealed is opened with its key, and the message says so', () => {
  const opened = opener().open(message(sealed(1n)));
  assert.equal(Buffer.from(opened.payload).toString(), 'warm');
  assert.equal(said(opened), 'encrypted payload: opened with the key of pump, sealed by the device');
});

test('a key whose name is not in the topic is tried too', () => {
  const topic = 'somewhere/else';
  const command = sealCommand(valve, topic, Buffer.from('open'), 5);
  assert.match(said(opener().open(message(command, topic))), /key of valve, sealed by the controller$/);
});

test('other messages pass untouched', () => {
  for (const text of ['', '{"t":1}', 'SIP1', 'SIP1 but too short']) {
    const plain = message(Buffer.from(text));
    assert.equal(opener().open(plain), plain);
  }
});

test('a foreign key, another topic and a changed byte stay sealed, and the message says why', () => {
  const changed = Buffer.from(sealed(1n));
  changed[20] = (changed[20] ?? 0) ^ 1;
  for (const given of [
    message(sealed(1n, 'x', randomBytes(32))),
    message(sealed(1n), `${TOPIC}/moved`),
    message(changed),
  ]) {
    const kept = opener().open(given);
    assert.deepEqual(kept.payload, given.payload);
    assert.match(said(kept), /no key in the certificates folder .* opens it/);
  }
});

test('a recorded message that comes again is marked; the same retained one is not', () => {
  const one = opener();
  const old = message(sealed(1n));
  one.open(old);
  assert.doesNotMatch(said(one.open(old)), /OLDER/);
  one.open(message(sealed(2n)));
  assert.match(said(one.open(old)), /OLDER than one before it/);
});

test('properties that the message had are kept', () => {
  const opened = opener().open({ ...message(sealed(1n)), properties: [['content-type', 'text/plain']] });
  assert.deepEqual(opened.properties?.[0], ['content-type', 'text/plain']);
});
