import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/core/errors';
import {
  looksSealed,
  parseSealedPayload,
  sealedAssociatedData,
  sealedNonce,
} from '../../../src/core/mqtt/sealedPayload';
import { SealedReplay } from '../../../src/core/mqtt/sealedReplay';
import { openPayload, sealCommand, sealPayload } from '../../../src/io/mqtt/payloadCipher';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const TOPIC = 'devices/sensor-1/telemetry';
const HEADER = { sender: 'device', salt: Uint8Array.of(0xa1, 0xb2, 0xc3), sequence: (7n << 32n) | 5n } as const;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const refusal = (code: string) => (error: unknown) => error instanceof UserError && error.code === code;

// Made with Python's "cryptography" 48 (AESGCM), so that two libraries agree on the format:
// AESGCM(bytes(range(32))).encrypt(bytes.fromhex('01a1b2c30000000700000005'), b'{"uptime":1}', b'SIP1' + topic)
const VECTOR = '5349503101a1b2c30000000700000005f92e9ea49d668bf497148439b0bdc40bed68cd5944d9bcfdec0fe3bc';

test('a message is what another library makes of the same values', () => {
  const sealed = sealPayload(KEY, TOPIC, HEADER, text('{"uptime":1}'));
  assert.equal(Buffer.from(sealed).toString('hex'), VECTOR);
});

test('it opens with its key and on its topic', () => {
  const opened = openPayload(KEY, TOPIC, Buffer.from(VECTOR, 'hex'));
  assert.equal(Buffer.from(opened.payload).toString(), '{"uptime":1}');
  assert.deepEqual([opened.sender, opened.sequence], ['device', (7n << 32n) | 5n]);
});

test('another key, another topic, or one bit changed anywhere does not open', () => {
  const sealed = Buffer.from(VECTOR, 'hex');
  const closed = refusal('payload-not-authentic');
  assert.throws(
    () =>
      openPayload(
        KEY.map((byte) => byte ^ 1),
        TOPIC,
        sealed,
      ),
    closed,
  );
  assert.throws(() => openPayload(KEY, 'devices/sensor-1/status', sealed), closed);
  for (let at = 5; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed, (byte, i) => (i === at ? byte ^ 0x80 : byte));
    assert.throws(() => openPayload(KEY, TOPIC, changed), closed, `byte ${at}`);
  }
  const asController = Uint8Array.from(sealed, (byte, i) => (i === 4 ? 2 : byte));
  assert.throws(() => openPayload(KEY, TOPIC, asController), closed, "a device's message is no command");
});

test('what is not a sealed payload is said to be none', () => {
  const none = refusal('payload-not-sealed');
  for (const bytes of [text(''), text('{"uptime":1}'), text('SIP1'), Buffer.from(VECTOR, 'hex').subarray(0, 31)]) {
    assert.throws(() => parseSealedPayload(bytes), none);
    assert.equal(looksSealed(bytes), false);
  }
  assert.throws(
    () => parseSealedPayload(Uint8Array.from(Buffer.from(VECTOR, 'hex'), (b, i) => (i === 4 ? 9 : b))),
    none,
  );
  assert.equal(looksSealed(Buffer.from(VECTOR, 'hex')), true);
});

test('an empty payload and a view into a larger buffer open too', () => {
  const sealed = sealPayload(KEY, TOPIC, HEADER, text(''));
  const larger = new Uint8Array(sealed.length + 20);
  larger.set(sealed, 7);
  assert.equal(openPayload(KEY, TOPIC, larger.subarray(7, 7 + sealed.length)).payload.length, 0);
});

test('nonces of commands differ within one millisecond, and their sequence grows with the time', () => {
  const sealed = Array.from({ length: 50 }, () =>
    parseSealedPayload(sealCommand(KEY, TOPIC, text('on'), 1700000000000)),
  );
  assert.equal(new Set(sealed.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size, 50);
  assert.equal(sealed[0]?.sequence, 1700000000000n);
  assert.equal(sealed[0]?.sender, 'controller');
});

test('the nonce is sender, salt and sequence; the associated data is the format and the topic in UTF-8', () => {
  assert.equal(Buffer.from(sealedNonce(HEADER)).toString('hex'), '01a1b2c30000000700000005');
  assert.equal(Buffer.from(sealedAssociatedData('dévice')).toString('hex'), '5349503164c3a976696365');
});

test('an older sequence is a replay, the same one a repeat, and topics and senders count apart', () => {
  const replay = new SealedReplay();
  assert.equal(replay.accept('device', 'a', 10n), 'new');
  assert.equal(replay.accept('device', 'a', 10n), 'repeat');
  assert.equal(replay.accept('device', 'a', 9n), 'replay');
  assert.equal(replay.accept('device', 'b', 1n), 'new', 'a retained message of another topic may be older');
  assert.equal(replay.accept('controller', 'a', 1n), 'new');
  assert.equal(replay.accept('device', 'a', 11n), 'new');
});
