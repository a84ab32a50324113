// Reads eFuses from a connected chip. Reads only: what is burnt can never be undone, so nothing here writes a register.
import { UserError } from '../../core/errors';
import { type EfuseRow, efuseRows } from '../../core/firmware/efuses/efuseRows';
import { type EfuseWords, efuseRegisters } from '../../core/firmware/efuses/efuseTable';
import { efuseTableOf } from '../../core/firmware/efuses/efuseTables';
import type { Session } from './espSession';
import type { BoardLoader } from './espToolQuirks';

/** Each register once. */
export async function readEfuseWords(loader: BoardLoader, registers: Iterable<number>): Promise<EfuseWords> {
  const words = new Map<number, number>();
  for (const register of registers)
    if (!words.has(register)) words.set(register, (await loader.readReg(register)) >>> 0);
  return words;
}

/** Every field of this chip. Rejects with UserError `efuses-unreadable` where the chip has or shows none. */
export async function readEfuses({ loader, info, stop }: Session): Promise<readonly EfuseRow[]> {
  const { chip, security, revision } = info;
  if (security.secureDownload)
    throw new UserError(
      'efuses-unreadable',
      'This board is in Secure Download Mode: its eFuses cannot be read by cable.',
    );
  const table = efuseTableOf(chip.target, revision);
  if (!table)
    throw new UserError(
      'efuses-unreadable',
      `The ${chip.name} has no eFuses to read but those of its MAC, which its chip information shows.`,
    );
  stop.throwIfAborted();
  return efuseRows(table, await readEfuseWords(loader, efuseRegisters(table)));
}
