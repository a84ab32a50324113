import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliUsageError, parseOptions, portNumber, wholeNumber } from '../../src/cli/arguments';

const usage = (message: RegExp) => (error: unknown) => error instanceof CliUsageError && message.test(error.message);

test('a port is a number from 1 to 65535 in decimal digits', () => {
  assert.deepEqual(
    ['1', '8883', '65535'].map((text) => portNumber(text)),
    [1, 8883, 65535],
  );
  for (const text of ['0', '65536', '', ' 1', '-1', '0x50', '1e3', '80.5', 'mqtt'])
    assert.throws(() => portNumber(text, '--plain-port'), usage(/^--plain-port takes a whole number from 1 to 65535$/));
});

test('both ends of a range are in it', () => {
  assert.deepEqual([wholeNumber('3', '--n', 3, 4), wholeNumber('4', '--n', 3, 4)], [3, 4]);
  for (const text of ['2', '5']) assert.throws(() => wholeNumber(text, '--n', 3, 4), usage(/--n takes .* 3 to 4/));
});

test('an option that does not exist, has no value, or is given one it does not take is a usage error', () => {
  const options = { json: { type: 'boolean' }, out: { type: 'string' } } as const;
  assert.deepEqual(parseOptions(['--out', 'x', 'file', '--json'], options).positionals, ['file']);
  for (const args of [['--nope'], ['--out'], ['--json=yes'], ['-x']])
    assert.throws(() => parseOptions(args, options), CliUsageError, args.join(' '));
});
