import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolCommand } from '../../../src/io/sketch/toolCommand';

test('a batch file of Windows goes through its shell, with spaces in quotes', () => {
  assert.deepEqual(toolCommand('C:\\Users\\Ann Lee\\idf.py.cmd', ['build', 'my board'], 'win32'), {
    command: '"C:\\Users\\Ann Lee\\idf.py.cmd"',
    args: ['build', '"my board"'],
    shell: true,
  });
});

test('a program is started as it is, on Windows and elsewhere', () => {
  for (const [program, platform] of [
    ['C:\\Program Files\\arduino-cli.exe', 'win32'],
    ['/opt/my tools/idf.cmd', 'linux'],
  ] as const)
    assert.deepEqual(toolCommand(program, ['a b'], platform), { command: program, args: ['a b'], shell: false });
});
