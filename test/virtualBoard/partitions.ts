// ESP-IDF's binary partition table, written and read.
// https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/partition-tables.html
import { createHash } from 'node:crypto';

export interface Partition {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
}

const ENTRY = 32;
const TABLE_SIZE = 0xc00;

/** ESP-IDF's "single factory app, no OTA". */
export const demoPartitions: readonly Partition[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, size: 0x6000 },
  { label: 'phy_init', type: 1, subtype: 1, offset: 0xf000, size: 0x1000 },
  { label: 'factory', type: 0, subtype: 0, offset: 0x10000, size: 0x100000 },
];

export function buildPartitionTable(partitions: readonly Partition[]): Uint8Array {
  const table = new Uint8Array(TABLE_SIZE).fill(0xff);
  const view = new DataView(table.buffer);
  partitions.forEach((partition, index) => {
    const at = index * ENTRY;
    table.fill(0, at, at + ENTRY);
    table.set([0xaa, 0x50, partition.type, partition.subtype], at);
    view.setUint32(at + 4, partition.offset, true);
    view.setUint32(at + 8, partition.size, true);
    table.set(new TextEncoder().encode(partition.label).subarray(0, 16), at + 12);
  });
  const end = partitions.length * ENTRY;
  table.set([0xeb, 0xeb], end);
  table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16);
  return table;
}

/** The entries at `offset` of a flash; undefined where there is no table or its MD5 is wrong. */
export function readPartitionTable(flash: Uint8Array, offset: number): Partition[] | undefined {
  const view = new DataView(flash.buffer, flash.byteOffset, flash.byteLength);
  const partitions: Partition[] = [];
  for (let at = offset; at < offset + TABLE_SIZE; at += ENTRY) {
    if (flash[at] === 0xaa && flash[at + 1] === 0x50) {
      const label = flash.subarray(at + 12, at + 28);
      const length = label.indexOf(0);
      partitions.push({
        label: new TextDecoder().decode(length < 0 ? label : label.subarray(0, length)),
        type: flash[at + 2] ?? 0,
        subtype: flash[at + 3] ?? 0,
        offset: view.getUint32(at + 4, true),
        size: view.getUint32(at + 8, true),
      });
    } else if (flash[at] === 0xeb && flash[at + 1] === 0xeb) {
      const digest = createHash('md5').update(flash.subarray(offset, at)).digest();
      return digest.equals(flash.subarray(at + 16, at + 32)) ? partitions : undefined;
    } else break;
  }
  return partitions.length > 0 ? partitions : undefined;
}
