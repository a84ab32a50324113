// Excerpts of real logs (test/fixtures/serial-cases*.jsonl, each with its source): what must be found, and what must not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';

interface Expected {
  readonly line: number;
  readonly name: string;
  readonly alt?: readonly string[];
  readonly low?: string;
}
interface Case {
  readonly id: string;
  readonly lines: readonly string[];
  readonly expect: readonly Expected[];
  readonly also_ok?: readonly Expected[];
  readonly must_stay_silent_on?: readonly string[];
  readonly negative: boolean;
}

const folder = join(__dirname, '../../fixtures');
const cases = readdirSync(folder)
  .filter((file) => /^serial-cases.*\.jsonl$/.test(file))
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as Case);

for (const { id, lines, expect, also_ok = [], must_stay_silent_on = [], negative } of cases) {
  test(`${negative ? 'stays silent' : 'finds what is there'}: ${id}`, () => {
    const decoder = createDecoder();
    const findings = [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
    for (const { line, name, alt = [], low } of expect) {
      const here = findings.filter((finding) => finding.line === line);
      const found = here.find((finding) => [name, ...alt].includes(finding.name));
      assert.ok(
        found,
        `line ${line}: expected ${name}, found ${here.map((finding) => finding.name).join(', ') || 'nothing'}`,
      );
      if (low) assert.ok(found.also.includes(low), `line ${line}: ${low} is missing among ${found.also.join(', ')}`);
      assert.equal(lines[line - 1]?.slice(found.column - 1, found.column - 1 + found.text.length), found.text);
    }
    const allowed = (line: number) =>
      [...expect, ...also_ok].filter((e) => e.line === line).flatMap((e) => [e.name, ...(e.alt ?? [])]);
    for (const { line, name, also, text } of findings) {
      if (allowed(line).some((one) => one === name || also.includes(one))) continue;
      assert.ok(!negative, `line ${line}: false alarm ${name} on "${text}"`);
      assert.ok(!must_stay_silent_on.includes(text), `line ${line}: "${text}" is no error, but was read as ${name}`);
    }
  });
}
