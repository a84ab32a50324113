// The partition table that a board holds, read from its flash.
import { createHash } from 'node:crypto';
import { UserError } from '../../core/errors';
import { hex, SECTOR } from '../../core/firmware/flashFile';
import {
  LAST_TABLE_OFFSET,
  PARTITION_SUBTYPE_NVS,
  PARTITION_SUBTYPE_NVS_KEYS,
  PARTITION_TABLE_OFFSET,
  PARTITION_TABLE_SIZE,
  PARTITION_TYPE_DATA,
  type Partition,
  readPartitionTable,
  startsLikePartitionTable,
} from '../../core/firmware/partitionTable';
import type { Session } from './espSession';
import { readRefused } from './readRefused';

export interface BoardTable {
  /** Where it lies: 0x8000, unless CONFIG_PARTITION_TABLE_OFFSET moved it. */
  readonly offset: number;
  readonly partitions: Partition[];
}

/** Throws UserError `partition-table-missing`, `partition-table-damaged`, or that the chip does not let it be read. */
export async function readBoardPartitions(session: Session): Promise<Partition[]> {
  return (await readBoardTable(session)).partitions;
}

/** The same, with the place of the table. */
export async function readBoardTable(session: Session): Promise<BoardTable> {
  const { loader, info } = session;
  if (!loader.IS_STUB) throw readRefused(info);
  if (info.security.flashEncryption)
    throw new UserError(
      'flash-encrypted',
      'This board has flash encryption switched on: by cable its partition table and what lies in its partitions cannot be read, and nothing can be put there that it would understand. What it needs must come from its own firmware, or be flashed before encryption is switched on.',
    );
  const bytes = await loader.readFlash(PARTITION_TABLE_OFFSET, PARTITION_TABLE_SIZE);
  const partitions = readPartitionTable(bytes, md5);
  if (partitions) return { offset: PARTITION_TABLE_OFFSET, partitions };
  const moved = startsLikePartitionTable(bytes) ? undefined : await findMovedTable(session, info.flashBytes ?? 0);
  if (moved) return moved;
  if (bytes.every((byte) => byte === 0xff))
    throw new UserError(
      'partition-table-missing',
      `There is no partition table at ${hex(PARTITION_TABLE_OFFSET)} on this board. Flash its firmware first.`,
    );
  throw new UserError(
    'partition-table-damaged',
    `The partition table at ${hex(PARTITION_TABLE_OFFSET)} on this board is damaged. Flash its firmware again.`,
  );
}

async function findMovedTable({ loader, stop }: Session, flashBytes: number): Promise<BoardTable | undefined> {
  const last = Math.min(LAST_TABLE_OFFSET, flashBytes - SECTOR);
  for (let offset = PARTITION_TABLE_OFFSET + SECTOR; offset <= last; offset += SECTOR) {
    stop.throwIfAborted();
    if (!startsLikePartitionTable(await loader.readFlash(offset, 4))) continue;
    const partitions = readPartitionTable(await loader.readFlash(offset, PARTITION_TABLE_SIZE), md5);
    if (partitions) return { offset, partitions };
  }
  return undefined;
}

function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest();
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
