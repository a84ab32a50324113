import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberSeries } from '../../../src/core/mqtt/numberSeries';

const messages = (...payloads: string[]) =>
  payloads.map((text, timeMs) => ({ timeMs, payload: new TextEncoder().encode(text) }));

test('numbers in JSON are followed by their path', () => {
  assert.deepEqual(numberSeries(messages('{"t":21.5,"heap":{"free":100},"on":true}', '{"t":22,"name":"x"}')), [
    {
      path: 't',
      points: [
        [0, 21.5],
        [1, 22],
      ],
    },
    { path: 'heap.free', points: [[0, 100]] },
    { path: 'on', points: [[0, 1]] },
  ]);
});

test('a plain number, with or without a unit, is a series of its own', () => {
  assert.deepEqual(numberSeries(messages('21.5', '-3 °C', 'offline')), [
    {
      path: '',
      points: [
        [0, 21.5],
        [1, -3],
      ],
    },
  ]);
});

test('what has no numbers has no series, and many fields are bounded', () => {
  assert.deepEqual(numberSeries(messages('', 'on', '"5"', '[]')), []);
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i])));
  assert.equal(numberSeries(messages(wide)).length, 16);
  assert.deepEqual(numberSeries(messages(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`)), []);
});
