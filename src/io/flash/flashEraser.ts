// Erases a region of a board's flash, or all of it.
import { CancelledError, FlashCancelled, FlashInterrupted, UserError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { TimeLeft } from '../../core/firmware/flashProgress';
import { type FlashRegion, notErasable } from '../../core/firmware/flashRegion';
import { megabytes } from '../../core/firmware/sizeText';
import type { BoardPort } from '../serial/boardPort';
import type { FlashOptions } from './espFlasher';
import { type Session, withLoader } from './espSession';

/** Per command: cancelling is prompt, and the chip still erases in blocks of 64 KB. */
const PIECE = 256 * 1024;

/**
 * Without a region everything goes. Resolves to what was erased. Rejects with UserError (its message ends with the state
 * of the board once erasing began) or FlashCancelled.
 */
export async function eraseBoard(
  port: BoardPort,
  region: FlashRegion | undefined,
  options: FlashOptions,
): Promise<FlashRegion> {
  const refusal = region && notErasable(region);
  if (refusal !== undefined) throw new UserError('range-invalid', refusal);
  const stage = { begun: false };
  const state = () =>
    stage.begun
      ? `${region ? `${hex(region.size)} bytes from ${hex(region.offset)} on are` : 'The flash is'} erased in part or in whole: erase again or flash the board.`
      : 'Nothing was erased: the board is as it was.';
  try {
    return await erase(port, region, options, () => {
      stage.begun = true;
    });
  } catch (error) {
    if (error instanceof CancelledError) throw new FlashCancelled(state(), stage.begun);
    if (error instanceof UserError && stage.begun) throw new FlashInterrupted(error, state());
    throw error;
  }
}

function erase(
  port: BoardPort,
  region: FlashRegion | undefined,
  options: FlashOptions,
  begin: () => void,
): Promise<FlashRegion> {
  return withLoader(port, options, async (session) => {
    const { loader, info } = session;
    if (info.security.secureDownload)
      throw new UserError('erase-refused', 'This chip does not allow erasing (Secure Download Mode).');
    if (info.security.flashEncryption)
      throw new UserError(
        'flash-encrypted',
        'This board has flash encryption switched on; erasing would make it unbootable.',
      );
    if (info.security.secureBoot)
      throw new UserError(
        'secure-boot',
        'This board has Secure Boot switched on; erasing its signed bootloader or application could make it unbootable.',
      );
    const end = info.flashBytes ?? 0;
    if (region && region.offset + region.size > end)
      throw new UserError(
        'range-invalid',
        `${hex(region.offset + region.size)} is beyond the ${megabytes(end)} of flash on this board.`,
      );
    begin();
    if (region) {
      await eraseInPieces(session, region, options);
      return region;
    }
    const what = 'the whole flash (up to a minute)';
    options.onProgress?.({ phase: 'erasing', done: 0, total: end, secondsLeft: undefined, what });
    await loader.eraseFlash();
    return { offset: 0, size: end };
  });
}

async function eraseInPieces(
  { loader, stop }: Session,
  { offset, size }: FlashRegion,
  { onProgress = () => {} }: FlashOptions,
): Promise<void> {
  const left = new TimeLeft(Date.now(), size);
  for (let at = offset; at < offset + size; ) {
    stop.throwIfAborted();
    const done = at - offset;
    const secondsLeft = left.seconds(Date.now(), done);
    onProgress({ phase: 'erasing', done, total: size, secondsLeft, what: `flash at ${hex(offset)}` });
    const next = Math.min(offset + size, at - (at % PIECE) + PIECE);
    await loader.eraseRegion(at, next - at);
    at = next;
  }
}
