import assert from 'node:assert/strict';
import { it } from 'node:test';
import { partitionProblems } from '../../../src/core/firmware/partitionChecks';
import type { Partition } from '../../../src/core/firmware/partitionTable';

const partition = (label: string, type: number, offset: number, size: number): Partition => ({
  ...{ label, type, offset, size, encrypted: false, readOnly: false },
  subtype: type === 0 ? 0x10 : 2,
});

it('names each partition that lies in a long one, not only the next', () => {
  const table = [
    partition('app', 0, 0x100000, 0x200000),
    partition('nvs', 1, 0x110000, 0x1000),
    partition('more', 1, 0x200000, 0x1000),
    partition('free', 1, 0x300000, 0x1000),
  ];
  assert.deepEqual(
    partitionProblems(table, undefined).map(({ index, text, moveTo }) => [index, text, moveTo]),
    [
      [1, '"nvs" at 0x110000 overlaps "app", which ends at 0x300000.', 0x300000],
      [2, '"more" at 0x200000 overlaps "app", which ends at 0x300000.', 0x300000],
    ],
  );
});
