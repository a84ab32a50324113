// Writes another partition table onto a board that has its firmware: what it changes is read and told before.
import { createHash } from 'node:crypto';
import { UserError } from '../../core/errors';
import { planFlash } from '../../core/firmware/flashPlan';
import { startsLikeImage } from '../../core/firmware/imageHeader';
import { type PartitionChanges, partitionChanges } from '../../core/firmware/partitionChanges';
import { partitionProblems } from '../../core/firmware/partitionChecks';
import { buildPartitionTable } from '../../core/firmware/partitionImage';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPE_APP, type Partition } from '../../core/firmware/partitionTable';
import type { BoardPort } from '../serial/boardPort';
import { type BoardTable, readBoardTable } from './boardPartitions';
import { type FlashOptions, type FlashResult, flash } from './espFlasher';
import { type Session, type SessionOptions, withLoader } from './espSession';

export interface TableComparison extends PartitionChanges {
  /** Where the board has its table. */
  readonly offset: number;
}

/** Throws UserError where this board must not or cannot get the table. Nothing is written. */
export async function compareBoardTable(
  port: BoardPort,
  partitions: readonly Partition[],
  options: SessionOptions,
): Promise<TableComparison> {
  return withLoader(port, options, async (session) => {
    const { security, flashBytes } = session.info;
    if (security.flashEncryption || security.secureBoot)
      throw new UserError(
        'partition-table-refused',
        `This board has ${security.flashEncryption ? 'flash encryption' : 'Secure Boot'} switched on: another partition table may leave it unbootable. Flash the table that its own build makes.`,
      );
    const { offset, partitions: before } = await heldBy(session);
    const [problem] = partitionProblems(partitions, flashBytes, offset);
    if (problem) throw new UserError('partition-table', `${problem.text} Correct the partition table.`);
    return { offset, ...partitionChanges(before, partitions, await imagesIn(session, before)) };
  });
}

/** Writes and verifies; rejects as `flash` does. */
export function writeBoardTable(
  port: BoardPort,
  partitions: readonly Partition[],
  offset: number,
  options: FlashOptions,
): Promise<FlashResult> {
  const bytes = buildPartitionTable(partitions, (data) => createHash('md5').update(data).digest());
  return flash(port, planFlash([{ offset, bytes, name: 'The partition table' }]), options);
}

/** A board without a table, or with a damaged one, is what a new one mends. */
async function heldBy(session: Session): Promise<BoardTable> {
  try {
    return await readBoardTable(session);
  } catch (error) {
    if (error instanceof UserError && error.code.startsWith('partition-table-'))
      return { offset: PARTITION_TABLE_OFFSET, partitions: [] };
    throw error;
  }
}

async function imagesIn({ loader, info }: Session, partitions: readonly Partition[]): Promise<number[]> {
  const found: number[] = [];
  for (const { type, offset } of partitions) {
    if (type !== PARTITION_TYPE_APP || offset >= (info.flashBytes ?? 0)) continue;
    if (startsLikeImage(await loader.readFlash(offset, 4))) found.push(offset);
  }
  return found;
}
