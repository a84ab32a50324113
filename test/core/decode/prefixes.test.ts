// What monitors write in front of a line, and what broken files look like: the findings stay those of the bare line.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';

const folder = join(__dirname, '../../fixtures');
const cases = readdirSync(folder)
  .filter((file) => /^serial-cases.*\.jsonl$/.test(file))
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as { readonly id: string; readonly lines: readonly string[] });

const brief = (lines: readonly string[]) => {
  const decoder = createDecoder();
  return [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()].map(({ line, name }) => `${line} ${name}`);
};

for (const [who, prefix] of [
  ['Arduino IDE', '13:45:12.345 -> '],
  ['PlatformIO', '13:45:12.345 > '],
  ['idf-monitor', '2026-11-25 13:45:12 '],
  ['ESPHome', '[13:45:12]'],
  ['ESPHome since 2025', '[13:45:12.345]'],
  ['minicom', '[2026-11-25 13:45:12.345] '],
  ['ts', 'Nov 25 13:45:12 '],
  ['ISO time', '2026-11-25T13:45:12.345Z '],
] as const) {
  test(`the time of ${who} in front of each line changes no finding`, () => {
    const wrong = cases.flatMap(({ id, lines }) => {
      const [bare, stamped] = [brief(lines), brief(lines.map((line) => prefix + line))];
      return bare.join() === stamped.join() ? [] : [`${id}: ${bare.join()} became ${stamped.join()}`];
    });
    assert.deepEqual(wrong, []);
  });
}
