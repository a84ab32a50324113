import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliUsageError } from '../../src/cli/arguments';
import { readMonitorOptions } from '../../src/cli/monitorOptions';
import { userError } from '../support/userError';

const read = (words: string) => readMonitorOptions(words.split(' ').filter((word) => word !== ''));

test('a line that is named alone leaves the other one off, and none named leaves both as they are', () => {
  assert.equal(read('').lines, undefined);
  assert.deepEqual(read('--dtr on').lines, { dtr: true, rts: false });
  assert.deepEqual(read('--rts on').lines, { dtr: false, rts: true });
  assert.deepEqual(read('--dtr off').lines, { dtr: false, rts: false });
  assert.deepEqual(read('--rts off').lines, { dtr: false, rts: false });
  assert.deepEqual(read('--dtr on --rts on').lines, { dtr: true, rts: true });
  assert.deepEqual(read('--dtr off --rts on').lines, { dtr: false, rts: true });
});

test('what is not asked for is what a board needs: 115200 baud, no end, bytes as they are typed', () => {
  const { baudRate, seconds, ending, maxBytes, filter } = read('');
  assert.deepEqual(
    [baudRate, seconds, ending, maxBytes, filter],
    [115_200, undefined, undefined, undefined, undefined],
  );
  const asked = read('-b 74880 --for 0.5 --eol crlf --log x --log-max 4K --redact --filter tag:wifi');
  assert.deepEqual([asked.baudRate, asked.seconds, asked.ending, asked.maxBytes], [74_880, 0.5, 'crlf', 4096]);
  assert.equal(asked.filter?.('I (1) wifi: up'), true);
  assert.equal(asked.filter?.('I (1) app: up'), false);
});

test('each bad value is named', () => {
  for (const [words, message] of [
    ['--dtr', /--dtr|dtr/],
    ['--dtr high', /--dtr is on or off/],
    ['--rts ON', /--rts is on or off/],
    ['--eol nl', /--eol nl is not a line ending: there are crlf, lf, cr, none/],
    ['--eol toString', /--eol toString is not a line ending/],
    ['--for 0', /--for 0 is not a time/],
    ['--for -1', /--for|ambiguous/],
    ['--for soon', /--for soon is not a time/],
    ['--baud 299', /--baud 299 is not a baud rate/],
    ['--baud 5000001', /--baud 5000001 is not a baud rate/],
    ['--baud 9600x', /--baud 9600x is not a baud rate/],
    ['--log-max 1M', /--log-max and --redact go with --log FILE/],
    ['--redact', /--log-max and --redact go with --log FILE/],
    ['COM3', /monitor takes options only/],
    ['--frobnicate', /frobnicate/],
  ] as const)
    assert.throws(
      () => read(words),
      (error) => error instanceof CliUsageError && message.test(error.message),
      words,
    );
  assert.equal(read('--baud 300').baudRate, 300);
  assert.equal(read('--baud 5000000').baudRate, 5_000_000);
  assert.throws(() => read('--log x --log-max 4095'), userError('size-invalid', /"4095" is not a size/));
  assert.throws(() => read('--filter level:Q'), userError('filter-invalid', /is not a level/));
});
