// Firmware files for tests, built by the format's description: images, partition tables.
import { createHash } from 'node:crypto';

export interface ImageSpec {
  readonly chipId?: number;
  readonly minRevision?: number;
  /** High nibble of byte 3: 2 is 4 MB. */
  readonly flashSize?: number;
  readonly data?: Uint8Array;
  readonly hash?: boolean;
}

/** One segment, the checksum at the end of its row, and the SHA-256. */
export function firmwareImage({
  chipId = 0,
  minRevision = 0,
  flashSize = 2,
  data,
  hash = true,
}: ImageSpec = {}): Buffer {
  const payload = Buffer.from(data ?? Buffer.from('firmware for a test'));
  const segment = Buffer.concat([payload, Buffer.alloc((4 - (payload.length % 4)) % 4)]);
  const header = Buffer.alloc(24);
  header.set([0xe9, 1, 2, flashSize << 4]);
  header.writeUInt32LE(0x40080000, 4);
  header.writeUInt16LE(chipId, 12);
  header.writeUInt16LE(minRevision, 15);
  header.writeUInt16LE(0xffff, 17);
  header[23] = hash ? 1 : 0;
  const where = Buffer.alloc(8);
  where.writeUInt32LE(0x3ffb0000, 0);
  where.writeUInt32LE(segment.length, 4);
  const body = Buffer.concat([header, where, segment]);
  const padding = Buffer.alloc(16 - (body.length % 16));
  padding[padding.length - 1] = segment.reduce((sum, byte) => sum ^ byte, 0xef);
  const image = Buffer.concat([body, padding]);
  return hash ? Buffer.concat([image, createHash('sha256').update(image).digest()]) : image;
}

export interface PartitionSpec {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
}

export const usualPartitions: readonly PartitionSpec[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, size: 0x5000 },
  { label: 'otadata', type: 1, subtype: 0, offset: 0xe000, size: 0x2000 },
  { label: 'app0', type: 0, subtype: 0x10, offset: 0x10000, size: 0x140000 },
];

export function partitionTable(partitions: readonly PartitionSpec[] = usualPartitions): Buffer {
  const entries = partitions.map(({ label, type, subtype, offset, size }) => {
    const entry = Buffer.alloc(32);
    entry.set([0xaa, 0x50, type, subtype]);
    entry.writeUInt32LE(offset, 4);
    entry.writeUInt32LE(size, 8);
    entry.write(label, 12, 'latin1');
    return entry;
  });
  const md5 = Buffer.alloc(32, 0xff);
  md5.set([0xeb, 0xeb]);
  md5.set(createHash('md5').update(Buffer.concat(entries)).digest(), 16);
  return Buffer.concat([...entries, md5, Buffer.alloc(0xc00 - 32 * (entries.length + 1), 0xff)]);
}
