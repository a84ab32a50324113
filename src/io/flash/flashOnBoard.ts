// A flash plan against the board on the line: what the chip said, and the partition table in its flash.
import { createHash } from 'node:crypto';
import { UserError } from '../../core/errors';
import { checkPlan, type FlashTarget, writesTable } from '../../core/firmware/flashCheck';
import type { FlashPlan } from '../../core/firmware/flashPlan';
import { readBoardPartitions } from './boardPartitions';
import type { Session } from './espSession';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

/** Throws UserError for what must not be written. Returns remarks that do not stop the flashing. */
export async function checkOnBoard(session: Session, plan: FlashPlan): Promise<string[]> {
  const { chip, flashBytes, revision, security } = session.info;
  const { secureBoot, secureBootVersion, flashEncryption } = security;
  const target: FlashTarget = { chip, flashBytes, revision, secureBoot, secureBootVersion, flashEncryption };
  const partitions = writesTable(plan) ? undefined : await partitionsOn(session);
  return checkPlan(plan, { ...target, partitions }, { sha256, md5 });
}

/** Undefined where there is no table to be expected (ESP8266), or it cannot be read. */
async function partitionsOn(session: Session): Promise<FlashTarget['partitions']> {
  const { chip, flashBytes, security } = session.info;
  const readable = session.loader.IS_STUB && flashBytes !== undefined && !security.flashEncryption;
  if (!readable || chip.imageId === undefined) return undefined;
  try {
    return await readBoardPartitions(session);
  } catch (error) {
    if (error instanceof UserError && error.code.startsWith('partition-table-')) return 'none';
    throw error;
  }
}
