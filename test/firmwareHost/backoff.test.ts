// The pauses between attempts, over more time than millis() can count: the template's own backoff.h, with a clock of ours.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';

const header = join(import.meta.dirname ?? __dirname, '../../firmware-templates/shared/arduino/backoff.h');

const ARDUINO = `#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
inline uint64_t &now() { static uint64_t ms = 0; return ms; }
inline uint32_t millis() { return static_cast<uint32_t>(now()); }
inline long random(long below) { return std::rand() % below; }
`;

function run(t: Parameters<typeof requireTool>[0], main: string): string | undefined {
  if (!requireTool(t, 'g++')) return undefined;
  const home = temporaryFolder('backoff');
  writeFileSync(join(home, 'Arduino.h'), ARDUINO);
  writeFileSync(join(home, 'main.cpp'), `#include ${JSON.stringify(header)}\nint main() { ${main} }\n`);
  const program = join(home, 'main');
  execFileSync('g++', [
    '-std=gnu++11',
    '-Wall',
    '-Wextra',
    '-Werror',
    `-I${home}`,
    join(home, 'main.cpp'),
    '-o',
    program,
  ]);
  return execFileSync(program, { encoding: 'utf8' });
}

test('the pause doubles, half of it at random, and never passes the longest', (t) => {
  const printed = run(
    t,
    'Backoff b(1000, 60000); for (int i = 0; i < 12; i++) { b.failed(); printf("%u ", b.pauseMs()); }',
  );
  if (!printed) return;
  const pauses = printed.trim().split(' ').map(Number);
  pauses.forEach((pause, i) => {
    const ceiling = Math.min(1000 * 2 ** i, 60_000);
    assert.ok(pause >= ceiling / 2 && pause <= ceiling, `${i}: ${pause}`);
  });
  assert.ok(new Set(pauses.slice(7)).size > 1, 'at random');
});

test('a link that is lost after any time of up to 100 days is tried again within the pause', (t) => {
  const days = 'for (uint64_t day = 1; day <= 100; day++)';
  const printed = run(
    t,
    `${days} { now() = 0; Backoff b(15000, 120000); b.failed(); now() = day * 86400000ULL; uint64_t lost = now();
       while (!b.due()) now() += 1000;
       if (now() - lost > 120000) printf("%u ", (unsigned)day); }
     ${days} { now() = day * 86400000ULL; Backoff b(1000, 60000); b.failed();
       if (b.due()) printf("at once on day %u ", (unsigned)day);
       now() += b.pauseMs(); if (!b.due()) printf("late on day %u ", (unsigned)day); }
     puts("done");`,
  );
  if (printed) assert.equal(printed, 'done\n');
});
