// What is wrong with a partition table: places, overlaps, alignment, names.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-guides/partition-tables.html
import { UserError } from '../errors';
import { hex } from './flashFile';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPE_APP, type Partition } from './partitionTable';
import { megabytes } from './sizeText';

/** The table and its MD5 take one sector of flash. */
export const TABLE_SECTOR = 0x1000;

export interface PartitionProblem {
  /** Which partition of the table, from 0. */
  readonly index: number;
  /** A sentence. */
  readonly text: string;
  /** Where the partition would be right. */
  readonly moveTo?: number;
}

/** The next offset from `from` on at which a partition of this type may start. */
export function alignedOffset(type: number, from: number): number {
  const alignment = alignmentOf(type);
  return Math.ceil(from / alignment) * alignment;
}

function alignmentOf(type: number): number {
  return type === PARTITION_TYPE_APP ? 0x10000 : 0x1000;
}

/** What the bootloader and ESP-IDF's tools ask of a table. Throws UserError for the first thing that is wrong. */
export function checkPartitions(partitions: readonly Partition[], tableOffset = PARTITION_TABLE_OFFSET): void {
  const [first] = partitionProblems(partitions, undefined, tableOffset);
  if (first) throw new UserError('partition-table', `${first.text} Correct the partition table.`);
}

/** Everything that is wrong with a table; `flashBytes` is the flash it has to fit into. */
export function partitionProblems(
  partitions: readonly Partition[],
  flashBytes: number | undefined,
  tableOffset = PARTITION_TABLE_OFFSET,
): PartitionProblem[] {
  const tableEnd = tableOffset + TABLE_SECTOR;
  return [
    ...partitions.flatMap((partition, index) => placeProblems(partition, index, tableEnd, flashBytes)),
    ...nameProblems(partitions),
    ...overlaps(partitions),
    ...otadataProblems(partitions),
  ];
}

function placeProblems(
  { label, type, offset, size }: Partition,
  index: number,
  tableEnd: number,
  flashBytes: number | undefined,
): PartitionProblem[] {
  const problems: PartitionProblem[] = [];
  if (offset < tableEnd)
    problems.push({
      index,
      text: `"${label}" starts at ${hex(offset)}, before the end of the table (${hex(tableEnd)}).`,
      moveTo: alignedOffset(type, tableEnd),
    });
  else if (alignedOffset(type, offset) !== offset)
    problems.push({
      index,
      text: `"${label}" starts at ${hex(offset)}, which is not a multiple of ${hex(alignmentOf(type))}.`,
      moveTo: alignedOffset(type, offset),
    });
  if (flashBytes !== undefined && offset + size > flashBytes)
    problems.push({
      index,
      text: `"${label}" ends at ${hex(offset + size)}, beyond the ${megabytes(flashBytes)} of flash on this board.`,
    });
  return problems;
}

function nameProblems(partitions: readonly Partition[]): PartitionProblem[] {
  return partitions.flatMap(({ label }, index) =>
    partitions.findIndex((other) => other.label === label) < index
      ? [{ index, text: `Two partitions are called "${label}".` }]
      : [],
  );
}

function overlaps(partitions: readonly Partition[]): PartitionProblem[] {
  const sorted = partitions
    .map((partition, index) => ({ ...partition, index }))
    .sort((a, b) => a.offset - b.offset || a.index - b.index);
  const problems: PartitionProblem[] = [];
  let farthest: Partition | undefined;
  for (const { index, ...partition } of sorted) {
    const end = farthest ? farthest.offset + farthest.size : 0;
    if (farthest && partition.offset < end) {
      const text = `"${partition.label}" at ${hex(partition.offset)} overlaps "${farthest.label}", which ends at ${hex(end)}.`;
      problems.push({ index, text, moveTo: alignedOffset(partition.type, end) });
    }
    if (partition.offset + partition.size > end) farthest = partition;
  }
  return problems;
}

function otadataProblems(partitions: readonly Partition[]): PartitionProblem[] {
  const found = partitions.flatMap(({ type, subtype, size }, index) =>
    type === 1 && subtype === 0 ? [{ index, size }] : [],
  );
  const [first, second] = found;
  const problems: PartitionProblem[] = [];
  if (second) problems.push({ index: second.index, text: 'There are two otadata partitions.' });
  if (first && first.size !== 0x2000)
    problems.push({ index: first.index, text: `The otadata partition has ${hex(first.size)} bytes, not 0x2000.` });
  return problems;
}
