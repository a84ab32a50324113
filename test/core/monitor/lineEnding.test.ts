import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseHexBytes, withLineEnding } from '../../../src/core/monitor/lineEnding';
import { parseLogSize } from '../../../src/core/monitor/logSize';

it('gives each end of line the ending asked for, once', () => {
  for (const typed of ['at\r', 'at\n', 'at\r\n'])
    assert.deepEqual(
      (['crlf', 'lf', 'cr', 'none'] as const).map((ending) => withLineEnding(typed, ending)),
      ['at\r\n', 'at\n', 'at\r', 'at'],
    );
  assert.equal(withLineEnding('a\r\rb', 'lf'), 'a\n\nb');
});

it('reads bytes in the ways people write them', () => {
  for (const text of ['1b 5b 41', '1B5B41', '0x1b,0x5b,0x41', '0x1b 0x5b 0x41', '1b:5b:41', ' 1b  5b41 '])
    assert.deepEqual([...parseHexBytes(text)], [0x1b, 0x5b, 0x41], text);
  assert.deepEqual([...parseHexBytes('0 a ff')], [0, 10, 255]);
});

it('says what is wrong with bytes that are none', () => {
  for (const [text, says] of [
    ['', /as hex, such as 1b 5b 41/],
    ['hello', /"hello" is not bytes in hex/],
    ['123', /"123" is not bytes in hex/],
    ['1b 5', undefined],
  ] as const)
    if (says) assert.throws(() => parseHexBytes(text), says);
    else assert.deepEqual([...parseHexBytes(text)], [0x1b, 5]);
});

it('reads the size of a log file', () => {
  assert.deepEqual(
    ['4096', '500K', '10M', '1.5m', '1G', '10MB', '10 MiB'].map(parseLogSize),
    [4096, 512_000, 10_485_760, 1_572_864, 1_073_741_824, 10_485_760, 10_485_760],
  );
  for (const text of ['', 'big', '-1M', '100', '10T'])
    assert.throws(() => parseLogSize(text), { code: 'size-invalid', message: /Write it as 500K, 10M or 1G/ });
});
