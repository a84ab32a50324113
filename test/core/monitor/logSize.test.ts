import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLogSize } from '../../../src/core/monitor/logSize';
import { userError } from '../../support/userError';

test('sizes as people write them', () => {
  for (const [text, bytes] of [
    ['4096', 4096],
    ['500K', 500 * 1024],
    [' 10M ', 10 * 1024 * 1024],
    ['1g', 1024 ** 3],
    ['1.5 MiB', 1.5 * 1024 * 1024],
    ['64kb', 65_536],
    ['5000b', 5000],
  ] as const)
    assert.equal(parseLogSize(text), bytes, text);
});

test('what is none, or so small that files would be renamed all the time, is refused', () => {
  for (const text of ['', '0', '4095', '3K', '-5M', '1T', 'M', '1e6', '10 M M', '0x1000'])
    assert.throws(() => parseLogSize(text), userError('size-invalid', /is not a size for a log file/), text);
});
