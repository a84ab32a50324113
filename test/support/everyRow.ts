// Runs every code of a table through each way that firmware prints it, against the headers' names (test/fixtures/truth).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder, type DecoderOptions } from '../../src/core/decode/decoder';

export const truth = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/truth/${name}.json`), 'utf8')) as {
    readonly entries: Record<string, any>;
    readonly _meta: Record<string, any>;
  };

/** What one line says, after `before`. */
export function names(line: string, options: DecoderOptions = {}, before: readonly string[] = []): string[] {
  const decoder = createDecoder(options);
  for (const one of before) decoder.next(one);
  return [...decoder.next(line), ...decoder.end()].flatMap(({ name, also }) => [name, ...also]);
}

export type Style<Row> = readonly [who: string, line: (row: Row) => string];

/** One test for each style; all its failures at once. */
export function everyRow<Row>(
  family: string,
  rows: readonly Row[],
  styles: readonly Style<Row>[],
  expected: (row: Row) => readonly string[],
  options: (row: Row) => DecoderOptions = () => ({}),
): void {
  for (const [who, line] of styles) {
    test(`${family}, ${rows.length} codes as ${who} prints them`, () => {
      const wrong = rows.flatMap((row) => {
        const found = names(line(row), options(row));
        const wanted = expected(row);
        return wanted.some((name) => found.includes(name))
          ? []
          : [`${line(row)}: ${wanted.join(' or ')}, not ${found}`];
      });
      assert.deepEqual(wrong, []);
    });
  }
}

export interface Numbered {
  readonly code: number;
  readonly names: readonly string[];
}
export const hex = (code: number, digits = 0) => Math.abs(code).toString(16).padStart(digits, '0');
export const HEX = (code: number, digits = 0) => hex(code, digits).toUpperCase();
