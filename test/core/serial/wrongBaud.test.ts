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

test('a line counts as noise from three strange characters in ten, and from four characters on', () => {
  assert.ok(isNoise('\ufffd\ufffd\ufffdtext123'));
  assert.ok(!isNoise('\ufffd\ufffdtext1234'));
  assert.ok(!isNoise('\ufffd\ufffd\ufffd'));
  assert.ok(isNoise('\ufffd\ufffd\ufffd\ufffd'));
});

test('controls and the unused end of Latin-1 are strange; tabs, colours and printable Latin-1 are not', () => {
  for (const strange of ['\u0000', '\u0007', '\u001f', '\u007f', '\u0080', '\u009f'])
    assert.ok(isNoise(strange.repeat(8)), JSON.stringify(strange));
  for (const usual of ['\t', '\u001b', ' ', '~', '\u00a0', '°'])
    assert.ok(!isNoise(usual.repeat(8)), JSON.stringify(usual));
});

test('six noisy lines of the last ten are certain, five are not, and older ones do not count', () => {
  const certainAt = (lines: string) => {
    const watch = new BaudWatch();
    return [...lines].map((kind) => watch.next(kind === 'n' ? NOISE : 'text')).indexOf(true);
  };
  assert.equal(certainAt('nnnnnn'), 5);
  assert.equal(certainAt('nnnnnttttt'), -1);
  assert.equal(certainAt('nnttttnnnn'), 9);
  assert.equal(certainAt('nnttttnnntn'), -1);
});

test('a line without an end is judged in pieces of 128, and its end only by what was not judged', () => {
  const watch = new BaudWatch();
  const noise = '\ufffd'.repeat(128);
  assert.ok(!watch.unfinished(noise.repeat(5)));
  assert.ok(!watch.unfinished(`${noise.repeat(5)}${noise.slice(1)}`), 'the sixth piece is not whole');
  assert.ok(watch.unfinished(noise.repeat(6)), 'no piece is counted twice');
  const other = new BaudWatch();
  assert.ok(!other.unfinished(noise.repeat(5)));
  assert.ok(!other.next(`${noise.repeat(5)}and text at its end`));
  assert.ok(other.next(noise), 'the next line is judged from its beginning');
});

test('lines known to be text count, and after ten of them it tells again', () => {
  const watch = new BaudWatch();
  const noisy = (times: number) => Array.from({ length: times }, () => watch.next(NOISE)).filter(Boolean).length;
  assert.equal(noisy(6), 1);
  watch.clean(9);
  assert.equal(noisy(6), 0, 'one noisy line is still among the last ten');
  watch.clean(10);
  assert.equal(noisy(5), 0);
  watch.clean(5);
  assert.equal(noisy(1), 0, 'text pushed the first ones out');
  watch.clean(10);
  assert.equal(noisy(6), 1);
});
