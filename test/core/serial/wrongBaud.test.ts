import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaudWatch, isNoise } from '../../../src/core/serial/wrongBaud';

const NOISE = '4\ufffd\ufffd\ufffd\ufffd()\ufffd)!!\ufffd41\ufffd\ufffd\ufffd%)\ufffd \ufffd%(';

test('tells noise from text, in any language and with colours', () => {
  assert.ok(isNoise(NOISE));
  for (const line of ['I (1) wifi: ok', '温度 21.4 °C', '\u001b[0;32mI (1)\u001b[0m', 'ünïcödé', ''])
    assert.ok(!isNoise(line), line);
});

test('tells once, after several noisy lines, and again after it was right', () => {
  const watch = new BaudWatch();
  const feed = (line: string, times: number) =>
    Array.from({ length: times }, () => watch.next(line)).filter(Boolean).length;
  assert.equal(feed(NOISE, 2), 0);
  assert.equal(feed('text', 10), 0);
  assert.equal(feed(NOISE, 20), 1);
  assert.equal(feed('text', 10), 0);
  assert.equal(feed(NOISE, 20), 1);
});
