// The NVS of a board as it is: read, decrypted with the keys on the board or in a file, and kept as a file on request.
import { UserError } from '../core/errors';
import type { NvsContent } from '../core/firmware/nvsReader';
import type { Partition } from '../core/firmware/partitionTable';
import { findNvs, readBoardPartitions } from './boardPartitions';
import type { BoardPort } from './boardPort';
import { type SessionOptions, withLoader } from './espSession';
import { backUp } from './flashBackup';
import { readBoardNvs } from './provisionNvs';

export interface BoardNvs {
  readonly mac: string | undefined;
  readonly partition: Partition;
  /** As in flash. Secret. */
  readonly bytes: Uint8Array;
  readonly content: NvsContent;
  /** The NVS is encrypted; `content` is readable. */
  readonly encrypted: boolean;
}

export interface BoardNvsRequest {
  readonly partition?: string | undefined;
  readonly nvsKeys?: Uint8Array | undefined;
}

/** Writes nothing to the board. Throws UserError `nvs-encrypted` where the keys are missing. */
export async function readNvsOfBoard(
  port: BoardPort,
  { partition: label, nvsKeys }: BoardNvsRequest,
  options: SessionOptions,
): Promise<BoardNvs> {
  return withLoader(port, options, async (session) => {
    const partitions = await readBoardPartitions(session);
    const partition = findNvs(partitions, label);
    const { bytes, content, keys, keysTo } = await readBoardNvs(session, partitions, partition, nvsKeys);
    return { mac: session.info.mac, partition, bytes, content, encrypted: keys !== undefined && keysTo === undefined };
  });
}

/** A copy in `backups` of the certificates folder, readable by its owner only. Returns the file. */
export async function backUpNvs(folder: string, { mac, partition, bytes }: BoardNvs): Promise<string> {
  if (bytes.every((byte) => byte === 0xff))
    throw new UserError('nvs-blank', `The NVS partition "${partition.label}" is blank: there is nothing to back up.`);
  return backUp(folder, { mac, label: partition.label }, bytes, new Date());
}
