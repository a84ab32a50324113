// The partition table that a board holds, read from its flash.
import { createHash } from 'node:crypto';
import { UserError } from '../core/errors';
import { hex } from '../core/firmware/flashFile';
import {
  PARTITION_SUBTYPE_NVS,
  PARTITION_SUBTYPE_NVS_KEYS,
  PARTITION_TABLE_OFFSET,
  PARTITION_TABLE_SIZE,
  PARTITION_TYPE_DATA,
  type Partition,
  readPartitionTable,
} from '../core/firmware/partitionTable';
import type { Session } from './espSession';

/** Throws UserError `partition-table-missing` or `partition-table-damaged`. */
export async function readBoardPartitions({ loader }: Session): Promise<Partition[]> {
  if (!loader.IS_STUB)
    throw new UserError('read-refused', 'This chip does not allow reading its flash (Secure Download Mode).');
  const bytes = await loader.readFlash(PARTITION_TABLE_OFFSET, PARTITION_TABLE_SIZE);
  if (bytes.every((byte) => byte === 0xff))
    throw new UserError(
      'partition-table-missing',
      `There is no partition table at ${hex(PARTITION_TABLE_OFFSET)} on this board. Flash its firmware first.`,
    );
  const partitions = readPartitionTable(bytes, (data) => createHash('md5').update(data).digest());
  if (partitions) return partitions;
  throw new UserError(
    'partition-table-damaged',
    `The partition table at ${hex(PARTITION_TABLE_OFFSET)} on this board is damaged. Flash its firmware again.`,
  );
}

/** The NVS partition named `label`, or the first one. */
export function findNvs(partitions: readonly Partition[], label: string | undefined): Partition {
  const all = partitions.filter((p) => p.type === PARTITION_TYPE_DATA && p.subtype === PARTITION_SUBTYPE_NVS);
  const found = label === undefined ? all[0] : all.find((p) => p.label === label);
  if (found) return found;
  const names = all.map((p) => `"${p.label}"`).join(', ');
  throw new UserError(
    'partition-missing',
    `This board has no NVS partition${label === undefined ? '' : ` "${label}"`}${names ? `; it has ${names}` : ''}. Add one to the partition table of its firmware.`,
  );
}

/** The partition with the keys of an encrypted NVS. */
export function findNvsKeys(partitions: readonly Partition[]): Partition | undefined {
  return partitions.find((p) => p.type === PARTITION_TYPE_DATA && p.subtype === PARTITION_SUBTYPE_NVS_KEYS);
}
