// Reads flash into a file: whole or not at all (written beside it, named at the end), digest checked on the way. It may
// hold keys and passwords, so it is readable by its owner only. No older copy is replaced unasked: the board may hold
// something else by now.
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { TimeLeft } from '../../core/firmware/flashProgress';
import { megabytes } from '../../core/firmware/sizeText';
import { fileError } from '../files/fileErrors';
import { nameNewFile } from '../files/newFile';
import { checkOutput } from '../files/outputFile';
import { renameFile } from '../files/renameFile';
import type { BoardPort } from '../serial/boardPort';
import type { FlashOptions } from './espFlasher';
import { type Session, withLoader } from './espSession';
import { readRefused } from './readRefused';

/** Per request: small enough that cancelling is prompt and memory stays flat. */
const PIECE = 256 * 1024;

export interface FlashRange {
  readonly offset: number;
  /** To the end of the flash without it. */
  readonly size: number | undefined;
}

export interface FlashCopy {
  readonly bytes: number;
  readonly md5: string;
  /** By the chip's own key: the copy is of use to no other board, and nobody can read it. */
  readonly encrypted: boolean;
}

export interface ReadOptions extends FlashOptions {
  /** The person chose to replace what has the file's name. */
  readonly force?: boolean | undefined;
}

/** Throws UserError `file-exists` before the board is touched. */
export async function readFlashToFile(
  port: BoardPort,
  range: FlashRange,
  file: string,
  options: ReadOptions = {},
): Promise<FlashCopy> {
  const replaced = await checkOutput(file, options);
  const temporary = `${file}.part`;
  const target = await open(temporary, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(error.code === 'EEXIST' ? temporary : file, error);
  });
  try {
    const hash = createHash('md5');
    let bytes = 0;
    let mac: string | undefined;
    const encrypted = await withLoader(port, options, async (session) => {
      mac ??= session.info.mac;
      // a second session goes on where the line lost bytes
      if (bytes > 0 && session.info.mac !== mac)
        throw new UserError('board-changed', 'Another board is at this port now; nothing was kept. Read again.');
      for await (const piece of pieces(session, range, bytes, options)) {
        hash.update(piece);
        bytes += piece.length;
        // not write(), which on a nearly full disk writes a part and calls it done
        await target.appendFile(piece).catch((error: NodeJS.ErrnoException) => {
          throw unwritable(file, error);
        });
      }
      return session.info.security.flashEncryption;
    });
    await target.sync();
    await target.close();
    const named = replaced === undefined ? nameNewFile(temporary, file, 0o600) : renameFile(temporary, replaced);
    await named.catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? fileError(error, 'write', file) : unwritable(file, error);
    });
    return { bytes, md5: hash.digest('hex'), encrypted };
  } catch (error) {
    await target.close().catch(() => {});
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What lies in the range, without its first `from` bytes. */
async function* pieces(
  { loader, info, stop }: Session,
  { offset, size }: FlashRange,
  from: number,
  { onProgress = () => {} }: FlashOptions,
): AsyncGenerator<Uint8Array> {
  if (!loader.IS_STUB) throw readRefused(info);
  const end = info.flashBytes ?? 0;
  const total = size ?? end - offset;
  if (total <= 0 || offset + total > end)
    throw new UserError(
      'range-invalid',
      `${hex(offset)} to ${hex(offset + Math.max(total, 0))} is not within the ${megabytes(end)} of flash on this board.`,
    );
  const left = new TimeLeft(Date.now(), total);
  for (let done = from; done < total; ) {
    stop.throwIfAborted();
    const length = Math.min(PIECE, total - done);
    const before = done;
    const piece = await loader.readFlash(offset + done, length, (_packet, inPiece) => {
      const now = before + inPiece;
      onProgress({
        phase: 'reading',
        done: now,
        total,
        secondsLeft: left.seconds(Date.now(), now),
        what: `flash at ${hex(offset)}`,
      });
    });
    done += length;
    yield piece;
  }
}

function unwritable(file: string, error: NodeJS.ErrnoException): UserError {
  const why: Record<string, string> = {
    EEXIST: `${file} is there already: another read writes it, or one was killed. Delete it, then try again.`,
    ENOENT: `The folder of ${file} does not exist. Create it first.`,
    ENOTDIR: `A file stands where the folder of ${file} should be. Choose another place.`,
    EISDIR: `${file} is a folder. Choose another name.`,
    EACCES: `${file} may not be written. Choose another place.`,
    EROFS: `${file} is on a read-only disk. Choose another place.`,
    EFBIG: `${file} would be larger than the system allows; it was not written. Choose another disk.`,
    ENOSPC: `The disk is full; ${file} was not written. Make room, then read again.`,
  };
  return new UserError(
    'file-unwritable',
    why[error.code ?? ''] ?? `${file} cannot be written (${error.code ?? error.message}). Choose another place.`,
    undefined,
    {
      cause: error,
    },
  );
}
