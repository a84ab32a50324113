import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { frameMessage, PublishTap } from '../../../src/core/mqtt/publishTap';
import { TopicStore } from '../../../src/core/mqtt/topicStore';
import { ROOT } from '../../../src/core/mqtt/topicTable';

type Version = '3.1.1' | '5';
const VERSIONS: readonly Version[] = ['3.1.1', '5'];
const settings = (version: Version) => ({ protocolVersion: version === '5' ? 5 : 4 }) as const;

/** What the library reads: the reference. */
function parsed(parts: readonly Uint8Array[], version: Version): Packet[] {
  const packets: Packet[] = [];
  const reference = parser(settings(version));
  reference.on('packet', (packet: Packet) => packets.push(packet));
  reference.on('error', (error: Error) => assert.fail(error.message));
  for (const part of parts) reference.parse(Buffer.from(part));
  return packets;
}

const bytesOf = (packets: readonly Packet[], version: Version): Buffer =>
  Buffer.concat(packets.map((packet) => generate(packet, settings(version))));

/** `whole` in pieces that end at `cuts`. */
function cut(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set(cuts.map((at) => at % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => Uint8Array.from(whole).slice(start, ends[index] ?? whole.length));
}

/** Pushes each chunk as a buffer that is used again afterwards, as a network may. */
function tap(chunks: readonly Uint8Array[], version: Version) {
  const frames: ReturnType<typeof frameMessage>[] = [];
  const passed: Uint8Array[] = [];
  const taken = new PublishTap(version, (frame) => {
    const message = frameMessage(frame);
    frames.push({ ...message, payload: Uint8Array.from(message.payload) });
  });
  for (const chunk of chunks) {
    const buffer = Buffer.from(chunk);
    for (const part of taken.push(buffer)) passed.push(Uint8Array.from(part));
    buffer.fill(0xff);
  }
  return { frames, passed };
}

const plain = (packet: Packet) =>
  packet.cmd === 'publish'
    ? { topic: packet.topic, payload: [...(packet.payload as Buffer)], retain: packet.retain }
    : {};
const isTaken = (packet: Packet): boolean => packet.cmd === 'publish' && packet.qos === 0;

const topic = fc
  .array(fc.constantFrom('a', 'ü', '', 'device-7', '$SYS'), { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/') || 'x');
const properties = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    messageExpiryInterval: fc.nat(),
    contentType: fc.string({ maxLength: 9 }),
    responseTopic: fc.constant('answer/here'),
    correlationData: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
    userProperties: fc.constant({ room: 'kitchen' }),
    subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
  },
  { requiredKeys: [] },
);
const publish = fc
  .record({
    cmd: fc.constant('publish' as const),
    topic,
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0, 0, 0, 1, 2) as fc.Arbitrary<0 | 1 | 2>,
    retain: fc.boolean(),
    dup: fc.constant(false),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    properties,
  })
  .map((packet): Packet => packet);
const other = fc.constantFrom<Packet>(
  { cmd: 'pingresp' },
  { cmd: 'puback', messageId: 7 },
  { cmd: 'suback', messageId: 9, granted: [0, 1, 128] },
);
const traffic = fc.array(fc.oneof({ weight: 4, arbitrary: publish }, other), { maxLength: 25 });

describe('PUBLISH tap', () => {
  for (const version of VERSIONS) {
    it(`reads what the library reads of MQTT ${version}, however the network cuts it`, () => {
      fc.assert(
        fc.property(traffic, fc.array(fc.nat(4_000), { maxLength: 12 }), (packets, cuts) => {
          const whole = bytesOf(packets, version);
          const { frames, passed } = tap(cut(whole, cuts), version);
          const all = parsed([whole], version);
          assert.deepEqual(
            frames.map(({ topic, payload, retain }) => ({ topic, payload: [...payload], retain })),
            all.filter(isTaken).map(plain),
          );
          assert.deepEqual(
            parsed(passed, version),
            all.filter((packet) => !isTaken(packet)),
          );
        }),
      );
    });
  }

  it('reads one byte at a time', () => {
    const packets: Packet[] = [
      { cmd: 'publish', topic: 'a/b', payload: Buffer.alloc(200, 7), qos: 0, retain: true, dup: false },
      { cmd: 'puback', messageId: 1 },
      { cmd: 'publish', topic: 'c', payload: Buffer.from(''), qos: 0, retain: false, dup: false },
    ];
    const whole = bytesOf(packets, '3.1.1');
    const { frames, passed } = tap(
      [...whole].map((byte) => Uint8Array.of(byte)),
      '3.1.1',
    );
    assert.deepEqual(
      frames.map(({ topic, payload }) => [topic, payload.length]),
      [
        ['a/b', 200],
        ['c', 0],
      ],
    );
    assert.equal(parsed(passed, '3.1.1')[0]?.cmd, 'puback');
  });

  it('leaves topic aliases to the library, which knows what they stand for', () => {
    const named: Packet = {
      cmd: 'publish',
      topic: 'a',
      payload: 'x',
      qos: 0,
      retain: false,
      dup: false,
      properties: { topicAlias: 3 },
    };
    const { frames, passed } = tap([bytesOf([named, { ...named, topic: '' }], '5')], '5');
    assert.equal(frames.length, 0);
    assert.equal(parsed(passed, '5').length, 2);
  });

  const malformed: Readonly<Record<string, { readonly bytes: readonly number[]; readonly version?: Version }>> = {
    'a length of five bytes': { bytes: [0x30, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 1, 97] },
    'a topic longer than the packet': { bytes: [0x30, 4, 0, 9, 97, 98] },
    'no topic': { bytes: [0x30, 2, 0, 0] },
    'a packet too short for a topic': { bytes: [0x30, 1, 0] },
    'properties longer than the packet': { bytes: [0x30, 5, 0, 1, 97, 9, 1], version: '5' },
    'an unknown property': { bytes: [0x30, 6, 0, 1, 97, 2, 0x7e, 1], version: '5' },
    'a property cut off': { bytes: [0x30, 6, 0, 1, 97, 2, 0x02, 1], version: '5' },
    'QoS 3': { bytes: [0x36, 5, 0, 1, 97, 0, 1] },
  };
  for (const [what, { bytes, version = '3.1.1' }] of Object.entries(malformed)) {
    it(`leaves ${what} to the library, which says what is wrong`, () => {
      const { frames, passed } = tap([Uint8Array.from(bytes)], version);
      assert.equal(frames.length, 0);
      assert.deepEqual([...Buffer.concat(passed)], bytes);
    });
  }

  it('hands everything on or takes it, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 6 }), (noise, cuts) => {
        const frames: number[] = [];
        const passed: number[] = [];
        const taken = new PublishTap('5', ({ payloadStart, payloadEnd, bytes }) => {
          assert.ok(payloadStart <= payloadEnd && payloadEnd <= bytes.length);
          frames.push(1);
        });
        for (const chunk of cut(noise, cuts)) for (const part of taken.push(chunk)) passed.push(...part);
        assert.ok(passed.length <= noise.length);
        if (frames.length === 0) assert.deepEqual(passed, [...noise.slice(0, passed.length)]);
      }),
    );
  });

  it('fills a store just as the library’s messages do', () => {
    fc.assert(
      fc.property(traffic, fc.array(fc.nat(4_000), { maxLength: 6 }), (packets, cuts) => {
        const limits = { maxBytes: 9_000, maxMessagesPerTopic: 4 };
        const [tapped, reference] = [new TopicStore(limits), new TopicStore(limits)];
        const sent = packets.filter(isTaken);
        const taken = new PublishTap('3.1.1', (frame) => tapped.recordFrame(frame, 5));
        for (const chunk of cut(bytesOf(sent, '3.1.1'), cuts)) taken.push(chunk);
        for (const packet of sent) {
          if (packet.cmd !== 'publish') continue;
          const { topic, payload, retain } = packet;
          reference.record(topic, payload as Buffer, { qos: 0, retain, duplicate: false }, 5);
        }
        assert.deepEqual(seen(tapped), seen(reference));
      }),
    );
  });
});

const seen = (store: TopicStore) => ({
  stats: store.stats(5),
  topics: [...store.topicsUnder(ROOT)].map((row) => ({
    topic: store.topics.path(row),
    facts: store.facts(row),
    history: store.history(row).map(({ payload, ...rest }) => ({ ...rest, payload: [...payload] })),
  })),
});
