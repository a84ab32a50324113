// The NVS of a board as it is: read, decrypted with the keys on the board or in a file, and kept as a file on request.
import { UserError } from '../../core/errors';
import { keyAtRestAdvice } from '../../core/firmware/keyAtRest';
import type { NvsContent } from '../../core/firmware/nvsReader';
import { hasPrivateKey } from '../../core/firmware/nvsSecrets';
import type { Partition } from '../../core/firmware/partitionTable';
import { findNvs, readBoardPartitions } from '../flash/boardPartitions';
import { type SessionOptions, withLoader } from '../flash/espSession';
import { backUp } from '../flash/flashBackup';
import type { BoardPort } from '../serial/boardPort';
import { readBoardNvs } from './provisionNvs';

export interface BoardNvs {
  readonly mac: string | undefined;
  readonly partition: Partition;
  /** As in flash. Secret. */
  readonly bytes: Uint8Array;
  readonly content: NvsContent;
  /** The NVS is encrypted; `content` is readable. */
  readonly encrypted: boolean;
  /** What to do about a private key that can be read out of the flash. */
  readonly advice: string | undefined;
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
    const encrypted = keys !== undefined && keysTo === undefined;
    const { mac, chip, security } = session.info;
    const exposed = !security.flashEncryption && hasPrivateKey(content.rows);
    const advice = exposed ? keyAtRestAdvice(chip.target, encrypted ? 'nvs-encrypted' : 'nvs') : undefined;
    return { mac, partition, bytes, content, encrypted, advice };
  });
}

/** A copy in `backups` of the certificates folder, readable by its owner only. Returns the file. */
export async function backUpNvs(folder: string, { mac, partition, bytes }: BoardNvs): Promise<string> {
  if (bytes.every((byte) => byte === 0xff))
    throw new UserError('nvs-blank', `The NVS partition "${partition.label}" is blank: there is nothing to back up.`);
  return backUp(folder, { mac, label: partition.label }, bytes, new Date());
}
