// Text that no board printed: the documentation and the type declarations of the packages that are installed here.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';

const modules = join(__dirname, '../../../node_modules');
/** A constant by its name is meant wherever it stands: hovers explain it in a source too. */
const isConstant = (text: string) => /^[A-Z][A-Z0-9_]{3,}$/.test(text);
/** Lines that say what we read in them. */
const TRUE_WORDS = /reasonCode: 149|Assertion failed:/;

function found(file: string): string[] {
  const decoder = createDecoder();
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) =>
      decoder
        .next(line)
        .filter(({ text }) => !isConstant(text) && !TRUE_WORDS.test(line))
        .map(({ text, name }) => `${file}: ${name} on "${text}" in: ${line.trim().slice(0, 200)}`),
    );
}

test('nothing is found in documentation and sources that have nothing to do with boards', () => {
  const files = (readdirSync(modules, { recursive: true }) as string[]).filter((file) =>
    /(?:^|[\\/])README\.md$|^@types[\\/]node[\\/].*\.d\.ts$|^playwright-core[\\/]types[\\/].*\.d\.ts$/.test(file),
  );
  assert.ok(files.length > 150, String(files.length));
  assert.deepEqual(
    files.flatMap((file) => found(join(modules, file))),
    [],
  );
});
