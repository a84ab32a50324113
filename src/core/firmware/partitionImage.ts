// Writes ESP-IDF's binary partition table: entries, their MD5, and 0xFF to its full size.
import { UserError } from '../errors';
import { PARTITION_TABLE_SIZE, type Partition } from './partitionTable';

const ENTRY = 32;

export function buildPartitionTable(
  partitions: readonly Partition[],
  md5: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const used = partitions.length * ENTRY;
  if (used + ENTRY >= PARTITION_TABLE_SIZE)
    throw new UserError(
      'partition-table',
      `A partition table has room for 94 partitions, not for ${partitions.length}.`,
    );
  const table = new Uint8Array(PARTITION_TABLE_SIZE).fill(0xff);
  const view = new DataView(table.buffer);
  partitions.forEach(({ label, type, subtype, offset, size, encrypted, readOnly }, index) => {
    const at = index * ENTRY;
    table.fill(0, at, at + ENTRY);
    table.set([0xaa, 0x50, type, subtype], at);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, size, true);
    table.set(new TextEncoder().encode(label), at + 12);
    view.setUint32(at + 28, (encrypted ? 1 : 0) | (readOnly ? 2 : 0), true);
  });
  table.set([0xeb, 0xeb], used);
  table.set(md5(table.subarray(0, used)), used + 16);
  return table;
}
