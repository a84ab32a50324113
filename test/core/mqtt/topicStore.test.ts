import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SLOT_BYTES } from '../../../src/core/mqtt/messageLog';
import { TopicStore } from '../../../src/core/mqtt/topicStore';

const META = { qos: 0, retain: false, duplicate: false } as const;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('topic store', () => {
  it('counts messages and topics up the tree', () => {
    const store = new TopicStore();
    store.record('home/kitchen/temperature', bytes('1'), META, 0);
    store.record('home/kitchen/temperature', bytes('2'), META, 1);
    store.record('home/hall', bytes('3'), META, 2);
    const home = store.root.children.get('home');
    assert.deepEqual([home?.received, home?.receivedBelow, home?.topicsBelow], [0, 3, 2]);
    assert.deepEqual([store.root.receivedBelow, store.root.topicsBelow], [3, 2]);
    assert.equal(store.find('home/kitchen/temperature')?.topic, 'home/kitchen/temperature');
  });

  it('keeps empty levels apart: a, /a and a/ are three topics', () => {
    const store = new TopicStore();
    for (const topic of ['a', '/a', 'a/', 'a//b']) store.record(topic, bytes('x'), META, 0);
    assert.equal(store.stats(0).topics, 4);
    for (const topic of ['a', '/a', 'a/', 'a//b']) assert.equal(store.find(topic)?.topic, topic);
  });

  it('keeps a copy: what the network buffer becomes later does not show', () => {
    const store = new TopicStore();
    const buffer = Buffer.from('before');
    store.record('a', buffer, META, 0);
    buffer.write('after!');
    assert.equal(new TextDecoder().decode(store.find('a')?.newest?.payload), 'before');
  });

  it('tells what changed since a version', () => {
    const store = new TopicStore();
    store.record('a/b', bytes('1'), META, 0);
    store.record('c', bytes('1'), META, 0);
    const { version, structureVersion } = store;
    store.record('a/b', bytes('2'), META, 1);
    assert.ok((store.root.children.get('a')?.version ?? 0) > version);
    assert.ok((store.find('c')?.version ?? 0) <= version);
    assert.equal(store.structureVersion, structureVersion);
  });

  it('remembers retained topics until an empty message deletes them', () => {
    const store = new TopicStore();
    store.record('a/b', bytes('1'), { ...META, retain: true }, 0);
    store.record('a/c', bytes('1'), { ...META, retain: true }, 0);
    store.record('a/d', bytes('1'), META, 0);
    store.record('a/b', bytes('live'), META, 1);
    assert.deepEqual(store.retainedTopics(store.root), ['a/b', 'a/c']);
    store.record('a/b', bytes(''), META, 2);
    assert.deepEqual(store.retainedTopics(store.root), ['a/c']);
  });

  it('keeps the newest message of a topic even beyond the limit by bytes, and says what it dropped', () => {
    const store = new TopicStore({ maxBytesPerTopic: 1_000 });
    store.record('a', new Uint8Array(100), META, 0);
    store.record('a', new Uint8Array(5_000), META, 1);
    const node = store.find('a');
    assert.deepEqual([node?.kept, node?.dropped, node?.newest?.payload.length], [1, 1, 5_000]);
  });

  it('says the whole size of a payload that it keeps only in part', () => {
    const store = new TopicStore({ maxPayloadBytes: 10 });
    store.record('a', new Uint8Array(25), META, 0);
    const message = store.find('a')?.newest;
    assert.deepEqual([message?.payload.length, message?.totalBytes], [10, 25]);
  });

  it('counts messages of topics beyond its limits instead of listing them', () => {
    const store = new TopicStore({ maxTopics: 2 });
    for (const topic of ['a', 'b', 'c', 'a']) store.record(topic, bytes('x'), META, 0);
    assert.deepEqual([store.stats(0).topics, store.stats(0).unlistedMessages], [2, 1]);
    const deep = new TopicStore({ maxBytes: 1_000_000 });
    deep.record('/'.repeat(65_535), bytes('x'), META, 0);
    assert.deepEqual([deep.stats(0).topics, deep.root.children.size], [0, 0]);
  });

  it('finds a message and the one before it', () => {
    const store = new TopicStore();
    const first = store.record('a', bytes('1'), META, 0);
    store.record('b', bytes('x'), META, 0);
    const second = store.record('a', bytes('2'), META, 1);
    const node = store.find('a');
    assert.ok(node && first && second);
    const found = store.message(node, second);
    assert.deepEqual([found?.message.id, found?.previous?.id], [second, first]);
    assert.equal(store.message(node, first)?.previous, undefined);
    assert.equal(store.message(node, 99), undefined);
  });

  it('measures the rate of the last seconds, and forgets it', () => {
    const store = new TopicStore();
    for (let ms = 0; ms < 10_000; ms += 100) store.record('a/b', bytes('x'), META, ms);
    assert.ok(Math.abs(store.stats(10_000).perSecond - 10) < 0.5, String(store.stats(10_000).perSecond));
    const node = store.root.children.get('a');
    assert.ok(node && Math.abs(store.ratePerSecond(node, 10_000) - 10) < 0.5);
    assert.equal(store.stats(60_000).perSecond, 0);
  });

  const event = fc.record({
    topic: fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 3 }).map((levels) => levels.join('/')),
    size: fc.nat(3_000),
  });

  it('never keeps more than its limits, and accounts for every message', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (events) => {
        const limits = { maxBytes: 60_000, maxBytesPerTopic: 12_000, maxMessagesPerTopic: 7 };
        const store = new TopicStore(limits);
        for (const [index, { topic, size }] of events.entries()) store.record(topic, new Uint8Array(size), META, index);
        const nodes = [...store.topicsUnder(store.root)];
        const stats = store.stats(events.length);
        assert.ok(stats.keptBytes <= limits.maxBytes);
        let kept = 0;
        for (const node of nodes) {
          const history = store.history(node);
          const cost = history.reduce((sum, { payload }) => sum + payload.length + SLOT_BYTES, 0);
          assert.equal(history.length, node.kept);
          assert.equal(cost, node.keptBytes);
          assert.ok(node.kept <= limits.maxMessagesPerTopic);
          assert.ok(node.kept <= 1 || node.keptBytes <= limits.maxBytesPerTopic);
          assert.equal(node.received, node.kept + node.dropped);
          assert.deepEqual(history[0], node.newest);
          for (const [index, message] of history.entries())
            assert.ok(index === 0 || message.id < (history[index - 1]?.id ?? 0));
          kept += node.kept;
        }
        assert.equal(stats.messages, kept + stats.droppedMessages);
        assert.equal(store.root.receivedBelow, events.length);
      }),
    );
  });

  it('gives every message back as it came, while slots and blocks are used again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.uint8Array({ maxLength: 90 })), { maxLength: 200 }),
        (all) => {
          const store = new TopicStore({ maxBytes: 9_000, maxMessagesPerTopic: 5 });
          const sent = new Map<number, Uint8Array>();
          for (const [index, [topic, payload]] of all.entries()) {
            const id = store.record(
              topic,
              payload,
              { ...META, qos: 1, properties: [['n', String(index)]] },
              1e12 + index,
            );
            if (id !== undefined) sent.set(id, payload);
          }
          for (const node of store.topicsUnder(store.root)) {
            for (const { id, payload, timeMs, qos, properties } of store.history(node)) {
              assert.deepEqual([...payload], [...(sent.get(id) ?? [])]);
              assert.deepEqual([timeMs, qos, properties], [1e12 + id - 1, 1, [['n', String(id - 1)]]]);
            }
          }
        },
      ),
    );
  });

  it('drops the oldest of all topics first when all together are too much', () => {
    const store = new TopicStore({ maxBytes: 10_000, maxBytesPerTopic: 100_000 });
    store.record('old', new Uint8Array(3_000), META, 0);
    store.record('new', new Uint8Array(3_000), META, 1);
    store.record('new', new Uint8Array(3_000), META, 2);
    assert.deepEqual([store.find('old')?.kept, store.find('old')?.dropped, store.find('new')?.kept], [0, 1, 2]);
    assert.equal(store.find('old')?.newest, undefined);
  });
});
