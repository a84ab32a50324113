import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SLOT_BYTES } from '../../../src/core/mqtt/messageLog';
import { TopicStore } from '../../../src/core/mqtt/topicStore';
import { ROOT } from '../../../src/core/mqtt/topicTable';

const META = { qos: 0, retain: false, duplicate: false } as const;
const bytes = (text: string) => new TextEncoder().encode(text);

function rowOf(store: TopicStore, topic: string): number {
  const row = store.find(topic);
  assert.ok(row !== undefined, `no row for ${topic}`);
  return row;
}

const newestOf = (store: TopicStore, topic: string) => store.newest(rowOf(store, topic));

describe('topic store', () => {
  it('counts messages and topics up the tree', () => {
    const store = new TopicStore();
    store.record('home/kitchen/temperature', bytes('1'), META, 0);
    store.record('home/kitchen/temperature', bytes('2'), META, 1);
    store.record('home/hall', bytes('3'), META, 2);
    const home = store.facts(rowOf(store, 'home'));
    assert.deepEqual([home.received, home.receivedBelow, home.topicsBelow], [0, 3, 2]);
    const all = store.facts(ROOT);
    assert.deepEqual([all.receivedBelow, all.topicsBelow], [3, 2]);
    assert.equal(store.topics.path(rowOf(store, 'home/kitchen/temperature')), 'home/kitchen/temperature');
    assert.equal(store.find('home/kitchen/temp'), undefined);
  });

  it('keeps empty levels apart: a, /a and a/ are three topics', () => {
    const store = new TopicStore();
    for (const topic of ['a', '/a', 'a/', 'a//b']) store.record(topic, bytes('x'), META, 0);
    assert.equal(store.stats(0).topics, 4);
    for (const topic of ['a', '/a', 'a/', 'a//b']) assert.equal(store.topics.path(rowOf(store, topic)), topic);
  });

  it('keeps a copy: what the network buffer becomes later does not show', () => {
    const store = new TopicStore();
    const buffer = Buffer.from('before');
    store.record('a', buffer, META, 0);
    buffer.write('after!');
    assert.equal(new TextDecoder().decode(newestOf(store, 'a')?.payload), 'before');
  });

  it('remembers retained topics until an empty message deletes them', () => {
    const store = new TopicStore();
    store.record('a/b', bytes('1'), { ...META, retain: true }, 0);
    store.record('a/c', bytes('1'), { ...META, retain: true }, 0);
    store.record('a/d', bytes('1'), META, 0);
    store.record('a/b', bytes('live'), META, 1);
    assert.deepEqual(store.retainedTopics(ROOT), ['a/b', 'a/c']);
    store.record('a/b', bytes(''), META, 2);
    assert.deepEqual(store.retainedTopics(ROOT), ['a/c']);
  });

  it('keeps the newest message of a topic even beyond the limit by bytes, and says what it dropped', () => {
    const store = new TopicStore({ maxBytesPerTopic: 1_000 });
    store.record('a', new Uint8Array(100), META, 0);
    store.record('a', new Uint8Array(5_000), META, 1);
    const { kept, dropped } = store.facts(rowOf(store, 'a'));
    assert.deepEqual([kept, dropped, newestOf(store, 'a')?.payload.length], [1, 1, 5_000]);
  });

  it('says the whole size of a payload that it keeps only in part', () => {
    const store = new TopicStore({ maxPayloadBytes: 10 });
    store.record('a', new Uint8Array(25), META, 0);
    const message = newestOf(store, 'a');
    assert.deepEqual([message?.payload.length, message?.totalBytes], [10, 25]);
  });

  it('counts messages of topics beyond its limits instead of listing them', () => {
    const store = new TopicStore({ maxTopics: 2 });
    for (const topic of ['a', 'b', 'c', 'a']) store.record(topic, bytes('x'), META, 0);
    assert.deepEqual([store.stats(0).topics, store.stats(0).unlistedMessages], [2, 1]);
    const deep = new TopicStore({ maxBytes: 1_000_000 });
    deep.record('/'.repeat(65_535), bytes('x'), META, 0);
    assert.deepEqual([deep.stats(0).topics, deep.topics.childCount(ROOT)], [0, 0]);
  });

  it('finds a message and the one before it', () => {
    const store = new TopicStore();
    const first = store.record('a', bytes('1'), META, 0);
    store.record('b', bytes('x'), META, 0);
    const second = store.record('a', bytes('2'), META, 1);
    const row = rowOf(store, 'a');
    assert.ok(first && second);
    const found = store.message(row, second);
    assert.deepEqual([found?.message.id, found?.previous?.id], [second, first]);
    assert.equal(store.message(row, first)?.previous, undefined);
    assert.equal(store.message(row, 99), undefined);
  });

  it('measures the rate of the last seconds, and forgets it', () => {
    const store = new TopicStore();
    for (let ms = 0; ms < 10_000; ms += 100) store.record('a/b', bytes('x'), META, ms);
    assert.ok(Math.abs(store.stats(10_000).perSecond - 10) < 0.5, String(store.stats(10_000).perSecond));
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
        const stats = store.stats(events.length);
        assert.ok(stats.keptBytes <= limits.maxBytes);
        let kept = 0;
        for (const row of store.topicsUnder(ROOT)) {
          const node = store.facts(row);
          const history = store.history(row);
          const cost = history.reduce((sum, { payload }) => sum + payload.length + SLOT_BYTES, 0);
          assert.equal(history.length, node.kept);
          assert.equal(cost, node.keptBytes);
          assert.ok(node.kept <= limits.maxMessagesPerTopic);
          assert.ok(node.kept <= 1 || node.keptBytes <= limits.maxBytesPerTopic);
          assert.equal(node.received, node.kept + node.dropped);
          assert.deepEqual(history[0], store.newest(row));
          for (const [index, message] of history.entries())
            assert.ok(index === 0 || message.id < (history[index - 1]?.id ?? 0));
          kept += node.kept;
        }
        assert.equal(stats.messages, kept + stats.droppedMessages);
        assert.equal(store.facts(ROOT).receivedBelow, events.length);
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
          for (const node of store.topicsUnder(ROOT)) {
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
    const store = new TopicStore({ maxBytes: 9_500, maxBytesPerTopic: 100_000 });
    store.record('old', new Uint8Array(3_000), META, 0);
    store.record('new', new Uint8Array(3_000), META, 1);
    store.record('new', new Uint8Array(3_000), META, 2);
    const [old, recent] = [store.facts(rowOf(store, 'old')), store.facts(rowOf(store, 'new'))];
    assert.deepEqual([old.kept, old.dropped, recent.kept], [0, 1, 2]);
    assert.equal(newestOf(store, 'old'), undefined);
  });

  it('finds each of thousands of topics again, however their hashes collide', () => {
    const store = new TopicStore();
    const topics = Array.from({ length: 3_000 }, (_, n) => `site/${n % 50}/sensor-${n}`);
    for (const round of [1, 2]) for (const topic of topics) store.record(topic, bytes(`${round}`), META, 0);
    assert.equal(store.stats(0).topics, topics.length);
    for (const topic of topics) {
      const row = rowOf(store, topic);
      assert.equal(store.topics.path(row), topic);
      assert.equal(store.facts(row).received, 2);
    }
  });

  it('counts what is kept of a topic down when its oldest message goes, so that its limit by bytes stays one', () => {
    const store = new TopicStore({ maxBytesPerTopic: 1_000, maxMessagesPerTopic: 1_000 });
    for (let n = 0; n < 100; n++) store.record('a', bytes('x'.repeat(90)), META, n);
    const { kept } = store.facts(rowOf(store, 'a'));
    assert.ok(kept >= 3 && kept <= 11, `${kept} messages of about 100 bytes are kept of 1000 bytes`);
    for (let n = 0; n < 100; n++) store.record('a', bytes('y'), META, n);
    assert.ok(store.facts(rowOf(store, 'a')).kept > kept, 'smaller messages: more of them');
  });

  it('refuses a topic whose levels would take more than half of the memory', () => {
    const store = new TopicStore({ maxBytes: 20_000 });
    store.record('a/'.repeat(2_000), bytes('x'), META, 0);
    assert.equal(store.stats(0).topics, 0);
    assert.equal(store.stats(0).unlistedMessages, 1);
    store.record('x'.repeat(12_000), bytes('x'), META, 0);
    assert.equal(store.stats(0).topics, 0, 'a long name is no better than many levels');
    store.record('small', bytes('x'), META, 0);
    assert.equal(store.stats(0).topics, 1);
  });

  it("orders siblings by their bytes, and the broker's own topics behind all others", () => {
    const store = new TopicStore();
    for (const topic of ['b', '$SYS', 'a', 'ab', '', '~', 'a/$x', 'a/y']) store.record(topic, bytes('x'), META, 0);
    const order = (names: readonly string[]) =>
      names
        .map((name) => rowOf(store, name))
        .sort((one, other) => store.topics.compare(one, other))
        .map((row) => store.topics.path(row));
    assert.deepEqual(order(['b', '$SYS', '~', 'ab', 'a', '']), ['', 'a', 'ab', 'b', '~', '$SYS']);
    assert.deepEqual(order(['a/$x', 'a/y']), ['a/y', 'a/$x']);
  });

  it('shows a topic that begins with a byte order mark as it is', () => {
    const store = new TopicStore();
    store.record('\ufeffa', bytes('x'), META, 0);
    assert.equal(store.topics.path(rowOf(store, '\ufeffa')), '\ufeffa');
  });
});
