import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sparkline, Vitals, vitalsDetail, vitalsText } from '../../../src/core/monitor/vitals';

function heard(...lines: string[]): Vitals {
  const vitals = new Vitals();
  for (const line of lines) vitals.next(line);
  return vitals;
}

describe('free heap', () => {
  for (const [line, bytes] of [
    ['I (3412) main: free heap: 182340', 182_340],
    ['[ 12345][D][main.cpp:42] loop(): ESP.getFreeHeap() = 178k', 178 * 1024],
    ['Heap free 52,104 bytes', 52_104],
    ['heap=40.5KB rssi=-70', 41_472],
    ['{"heap":"x"} freeHeap=31000', 31_000],
    ['free_heap 1.5 MB', 1_572_864],
    ['esp_get_free_heap_size() 201112', 201_112],
  ] as const)
    it(`is read from ${line}`, () => assert.equal(heard(line).heap?.last, bytes));

  for (const line of [
    'I (29) heap_init: At 3FFB2EC8 len 0002D138 (180 KiB): DRAM',
    'minimum free heap: 10000',
    'largest heap block 4096',
    'heap 12',
    'CORRUPT HEAP: Bad head at 0x3ffb8a3c',
    'HEAP: task 7 of 4096x',
    `heap: ${'9'.repeat(500)}`,
  ])
    it(`is not read from ${line.slice(0, 40)}`, () => assert.equal(heard(line).heap, undefined));
});

describe('signal strength', () => {
  for (const [line, dBm] of [
    ['I (812) wifi: connected, RSSI: -61', -61],
    ['RSSI=-104 dBm', -104],
    ['WiFi.RSSI() is -48', -48],
    ['signal strength (dBm): -70', -70],
    ['joined "workshop" at -55 dBm', -55],
  ] as const)
    it(`is read from ${line}`, () => assert.equal(heard(line).rssi?.last, dBm));

  for (const line of ['RSSI: 61', 'rssi: -300', 'power 20 dBm', 'x-55dBm'])
    it(`is not read from ${line}`, () => assert.equal(heard(line).rssi, undefined));
});

it('draws the newest values between their lowest and highest', () => {
  assert.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([5, 5, 5]), '▄▄▄');
  assert.equal(sparkline([]), '');
  assert.equal(
    sparkline(
      Array.from({ length: 100 }, (_, i) => i),
      5,
    ),
    '▁▃▅▆█',
  );
});

it('says last, lowest and highest, and keeps a bounded number', () => {
  const vitals = heard(
    ...Array.from({ length: 1000 }, (_, i) => `free heap: ${200_000 - i * 10} RSSI: -${40 + (i % 20)}`),
  );
  assert.equal(vitals.heap?.samples.length, 240);
  assert.match(vitalsText(vitals), /^heap 186 KB \S{12} · RSSI -59 dBm \S{12}$/);
  assert.deepEqual(vitalsDetail(vitals), [
    'Free heap 186 KB (lowest 186 KB, highest 188 KB, 240 values)',
    'RSSI -59 dBm (weakest -59, strongest -40, 240 values)',
  ]);
  assert.equal(vitalsText(new Vitals()), '');
});

it('is quick about lines without either', () => {
  const vitals = new Vitals();
  assert.equal(vitals.next('x'.repeat(65_536)), false);
  assert.equal(vitals.next('I (1) main: hello'), false);
});
