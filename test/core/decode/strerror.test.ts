// Our names against the library itself: mbedtls_strerror of the installed libmbedtls, for each of its 32,767 numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MbedtlsVersion, readMbedtls } from '../../../src/core/decode/mbedtlsTable';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

const HEADERS = '/usr/include/mbedtls';
const PROGRAM = `#include <mbedtls/error.h>
#include <mbedtls/version.h>
#include <stdio.h>
int main(void) {
  char text[512];
  printf("%s\\n", MBEDTLS_VERSION_STRING);
  for (int code = 1; code < 0x8000; code++) { mbedtls_strerror(-code, text, sizeof text); printf("%s\\n", text); }
  return 0;
}`;

/** Constant -> the sentence beside it in the headers, which error.c is generated from. */
function sentences(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(HEADERS).filter((name) => name.endsWith('.h'))) {
    const text = readFileSync(join(HEADERS, file), 'utf8');
    for (const [, name = '', comment = ''] of text.matchAll(
      /(MBEDTLS_ERR_\w+)\s+-0x[0-9A-Fa-f]+\s*\/\*\*<\s*([\s\S]*?)\s*\*\//g,
    )) {
      found.set(name, comment.replace(/\s+/g, ' '));
    }
    for (const [, comment = '', name = ''] of text.matchAll(
      /\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*#define (MBEDTLS_ERR_\w+)\s+-0x/g,
    )) {
      if (!found.has(name))
        found.set(
          name,
          comment
            .replace(/\s*\*\s*/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        );
    }
  }
  return found;
}

const same = (said: string, sentence: string | undefined) => {
  const plain = (text: string) =>
    text
      .replace(/[^a-z0-9]+/gi, ' ')
      .trim()
      .toLowerCase();
  return sentence !== undefined && plain(said.replace(/^[A-Z0-9_]+ - /, '')).startsWith(plain(sentence).slice(0, 60));
};

test('names agree with mbedtls_strerror for high, low and combined codes', { timeout: 60_000 }, async (t) => {
  const gcc = requireTool(t, 'gcc');
  if (!gcc) return;
  if (!existsSync(HEADERS))
    return t.skip('libmbedtls-dev is not installed: run "node scripts/prepareMachine.mjs" as root');
  const folder = temporaryFolder('secure-iot-strerror');
  const program = join(folder, 'strerror');
  await writeFile(`${program}.c`, PROGRAM);
  execFileSync(gcc, [`${program}.c`, '-o', program, '-lmbedcrypto', '-lmbedx509', '-lmbedtls'], { stdio: 'pipe' });
  const [banner = '', ...texts] = execFileSync(program, { encoding: 'utf8', maxBuffer: 64 << 20 }).split('\n');
  const version: MbedtlsVersion = banner.startsWith('2.') ? '2.28' : '3.6';
  const known = sentences();
  let high = 0;
  let low = 0;
  let combined = 0;
  texts.slice(0, 0x7fff).forEach((text, i) => {
    const code = i + 1;
    if (text.includes('UNKNOWN ERROR CODE')) return;
    const reading = readMbedtls(code, version);
    const where = `-0x${code.toString(16)}: the library says "${text}", we say ${reading?.name} ${reading?.low ?? ''}`;
    assert.ok(reading, where);
    const [first = '', second] = text.split(' : ');
    assert.ok(same(first, known.get(reading.name)), where);
    if (second === undefined) {
      assert.equal(reading.low, undefined, where);
      if (code & 0x7f) low += 1;
      else high += 1;
    } else {
      assert.ok(same(second, known.get(reading.low ?? '')), where);
      combined += 1;
    }
  });
  t.diagnostic(`${banner}: ${high} high, ${low} low, ${combined} combined`);
  assert.ok(high > 100 && low > 50 && combined > 1000);
});
