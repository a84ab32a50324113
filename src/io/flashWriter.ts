// Writes one file into flash inside a session: compressed blocks, each answered, then verified by MD5.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { createInflate, deflate } from 'node:zlib';
import { UserError } from '../core/errors';
import { type FlashFile, hex } from '../core/firmware/flashFile';
import type { Session } from './espSession';

/** Compared by MD5 in units of this size when only changes are written: a block erase of every flash chip. */
const COMPARE_UNIT = 0x10000;

/** A file as it goes over the line: padded to whole words (the flash takes no less) and compressed. */
export interface Load {
  readonly file: FlashFile;
  readonly bytes: Uint8Array;
  readonly compressed: Uint8Array;
}

export interface WriteEvents {
  /** Bytes of flash that a block filled, and its bytes on the wire. */
  readonly onBlock: (unpacked: number, wire: number) => void;
  readonly onVerify: () => void;
}

export async function prepareLoad(file: FlashFile): Promise<Load> {
  const bytes = padded(file.bytes);
  return { file, bytes, compressed: await promisify(deflate)(bytes, { level: 9 }) };
}

/** Rejects with UserError `verify-failed` when the flash holds something else afterwards. */
export async function writeLoad({ loader, stop }: Session, load: Load, events: WriteEvents): Promise<void> {
  const { file, bytes, compressed } = load;
  await loader.flashDeflBegin(bytes.length, compressed.length, file.offset);
  const block = loader.FLASH_WRITE_SIZE;
  const lengths = unpackedLengths(compressed, block);
  let timeout = loader.DEFAULT_TIMEOUT;
  let left = bytes.length;
  for (let seq = 0, at = 0; at < compressed.length; seq++, at += block) {
    stop.throwIfAborted();
    const chunk = compressed.subarray(at, at + block);
    const unpacked = Math.min(left, (await lengths.next()).value ?? left);
    left -= unpacked;
    const needs = loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, unpacked);
    // the stub answers when it has a block and writes it while the next one comes; the ROM writes first
    await loader.flashDeflBlock(chunk, seq, loader.IS_STUB ? timeout : Math.max(timeout, needs));
    timeout = Math.max(loader.DEFAULT_TIMEOUT, needs);
    events.onBlock(unpacked, chunk.length);
  }
  if (loader.IS_STUB) await loader.flashDeflFinish(false, timeout);
  events.onVerify();
  const wanted = md5(bytes);
  const found = await loader.flashMd5sum(file.offset, bytes.length);
  if (found.toLowerCase() !== wanted)
    throw new UserError(
      'verify-failed',
      `${file.name} at ${hex(file.offset)} reads back differently (MD5 ${found}, expected ${wanted}). Flash again at a lower baud rate; if it stays so, the flash chip is worn or badly powered.`,
    );
}

/** The parts of a file that differ from what the flash holds. None where it is there already. */
export async function changedParts({ loader, stop }: Session, file: FlashFile): Promise<FlashFile[]> {
  const parts: FlashFile[] = [];
  for (let at = 0; at < file.bytes.length; at += COMPARE_UNIT) {
    stop.throwIfAborted();
    const bytes = padded(file.bytes.subarray(at, at + COMPARE_UNIT));
    const found = await loader.flashMd5sum(file.offset + at, bytes.length);
    if (found.toLowerCase() === md5(bytes)) continue;
    const last = parts.at(-1);
    const start = last && last.offset + last.bytes.length === file.offset + at ? last.offset - file.offset : at;
    if (last && start !== at) parts.pop();
    parts.push({
      name: file.name,
      offset: file.offset + start,
      bytes: file.bytes.subarray(start, Math.min(at + COMPARE_UNIT, file.bytes.length)),
    });
  }
  return parts;
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4).fill(0xff);
  out.set(bytes);
  return out;
}

/** How many bytes each block of a compressed stream unpacks to: what the chip will have to write for it. */
async function* unpackedLengths(compressed: Uint8Array, block: number): AsyncGenerator<number, undefined> {
  const inflate = createInflate();
  let count = 0;
  inflate.on('data', (piece: Uint8Array) => {
    count += piece.length;
  });
  for (let at = 0; at < compressed.length; at += block) {
    const before = count;
    await new Promise<void>((resolve) => inflate.write(compressed.subarray(at, at + block), () => resolve()));
    yield count - before;
  }
  return undefined;
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
