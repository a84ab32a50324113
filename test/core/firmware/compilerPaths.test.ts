import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { wholePath } from '../../../src/core/firmware/compilerPaths';

const THERE = new Set(['/p/src/main.cpp', '/p/main/main.c', '/p/lib/a-b/x.h']);
const whole = (line: string): string => wholePath(line, ['/p', '/p/build'], posix.join, (path) => THERE.has(path));

test('a relative path is made whole, from the project or from its build folder', () => {
  assert.equal(whole('src/main.cpp:12:3: error: x'), '/p/src/main.cpp:12:3: error: x');
  assert.equal(whole('../main/main.c:9:1: warning: y'), '/p/main/main.c:9:1: warning: y');
  assert.equal(whole('In file included from lib/a-b/x.h:3,'), 'In file included from /p/lib/a-b/x.h:3,');
  assert.equal(whole('                 from src/main.cpp:6:'), '                 from /p/src/main.cpp:6:');
});

test('everything else stays as it is: whole paths, files that are not there, other lines', () => {
  for (const line of [
    '/p/src/main.cpp:12:3: error: x',
    'C:\\p\\src\\main.cpp:12:3: error: x',
    'src/other.cpp:1:1: error: x',
    'Compiling .pio/build/esp32/src/main.cpp.o',
    '   12 |   undeclared = 1;',
    'Sketch uses 12:30 of main.cpp',
    '',
  ])
    assert.equal(whole(line), line);
});
