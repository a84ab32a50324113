import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { TopicFeed, VIEW_BYTES } from '../../../src/host/explorer/topicFeed';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const received = (topic: string, payload: Uint8Array | string, retain = false) => ({
  topic,
  payload: typeof payload === 'string' ? bytes(payload) : payload,
  qos: 0 as const,
  retain,
  duplicate: false,
});

function rowOf(feed: TopicFeed, label: string): number {
  const row = feed.rows(0, 500, 2).rows.find((candidate) => candidate.label === label);
  assert.ok(row, `no row ${label}`);
  return row.id;
}

test('rows tell counts below, the last value and what is retained', () => {
  const feed = new TopicFeed();
  feed.add(received('home/kitchen/t', '21'), 1);
  feed.add(received('home/kitchen/t', '22', true), 2);
  const [home, kitchen, t] = feed.rows(0, 10, 2).rows;
  assert.deepEqual([home?.messages, home?.topics, kitchen?.expanded], [2, 1, true]);
  feed.add(received('home/kitchen/t', '22', true), 2);
  assert.equal(feed.rows(0, 1, 2_002).rows[0]?.perSecond, 0.5);
  assert.deepEqual(t?.last, { timeMs: 2, preview: '22', bytes: 2, retained: true });
});

test('a long topic and payload are cut for the screen, and said whole in numbers', () => {
  const feed = new TopicFeed();
  feed.add(received('x'.repeat(65_535), new Uint8Array(VIEW_BYTES + 1).fill(0x61)), 1);
  const [row] = feed.rows(0, 1, 2).rows;
  assert.equal(row?.label.length, 257);
  const history = feed.history(row.id);
  assert.equal(history?.topic.length, 4_097);
  const view = feed.view(row.id, history.messages[0]?.id ?? 0);
  assert.deepEqual([view.bytes.length, view.totalBytes], [VIEW_BYTES, VIEW_BYTES + 1]);
  assert.equal(feed.topic(row.id).length, 65_535);
});

test('messages that are no longer kept are counted, and asking for one says so', () => {
  const feed = new TopicFeed({ maxMessagesPerTopic: 2 });
  for (const text of ['1', '2', '3']) feed.add(received('a', text), 1);
  const row = rowOf(feed, 'a');
  const history = feed.history(row);
  assert.deepEqual([history?.received, history?.dropped, history?.kept], [3, 1, 2]);
  assert.deepEqual(
    history?.messages.map(({ preview }) => preview),
    ['3', '2'],
  );
  assert.throws(() => feed.view(row, 1), UserError);
  assert.equal(new TextDecoder().decode(feed.view(row, 3).previous ?? bytes('')), '2');
});

test('what comes while paused is counted and not shown', () => {
  const feed = new TopicFeed();
  feed.pause(true);
  feed.add(received('a', '1'), 1);
  assert.deepEqual([feed.stats(1).missedWhilePaused, feed.stats(1).topics], [1, 0]);
  feed.pause(false);
  feed.add(received('a', '2'), 2);
  assert.deepEqual([feed.stats(2).missedWhilePaused, feed.stats(2).topics], [0, 1]);
});

test('retained topics are found on a level and below it', () => {
  const feed = new TopicFeed();
  feed.add(received('a', '1', true), 1);
  feed.add(received('a/b', '1', true), 1);
  feed.add(received('a/c', '1'), 1);
  const row = rowOf(feed, 'a');
  assert.deepEqual(feed.retainedTopics(row, false), ['a']);
  assert.deepEqual(feed.retainedTopics(row, true), ['a', 'a/b']);
});

test('an export has what is under a topic, or everything', () => {
  const feed = new TopicFeed();
  for (const topic of ['a/b', 'a/c', 'd']) feed.add(received(topic, topic), 1);
  const topics = (row: number | null): string[] => [...feed.exported(row)].map(({ topic }) => topic);
  assert.deepEqual(topics(rowOf(feed, 'a')), ['a/b', 'a/c']);
  assert.deepEqual(topics(null), ['a/b', 'a/c', 'd']);
});

test('a row of a cleared list is gone', () => {
  const feed = new TopicFeed();
  feed.add(received('a', '1'), 1);
  const row = rowOf(feed, 'a');
  feed.clear();
  assert.equal(feed.history(row), null);
  assert.throws(() => feed.topic(row), /no longer in the list/);
});
