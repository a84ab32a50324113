// Writes one file into flash inside a session: compressed blocks, each answered, then verified by MD5.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { createInflate, deflate } from 'node:zlib';
import { UserError } from '../../core/errors';
import { type FlashFile, hex, SECTOR } from '../../core/firmware/flashFile';
import type { Session } from './espSession';

/** Compared by MD5 in units of this size first, sector by sector where one differs. */
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
export async function writeLoad({ loader, info, stop }: Session, load: Load, events: WriteEvents): Promise<void> {
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
  if (info.security.secureDownload) return; // such a chip refuses to compute the MD5
  const wanted = md5(bytes);
  const found = await loader.flashMd5sum(file.offset, bytes.length);
  if (found.toLowerCase() !== wanted)
    throw new UserError(
      'verify-failed',
      `${file.name} at ${hex(file.offset)} reads back differently (MD5 ${found}, expected ${wanted}). Flash again at a lower baud rate; if it stays so, the flash chip is worn or badly powered.`,
    );
}

/** The sectors of a file that differ from what the flash holds, neighbours joined. None where it is there already. */
export async function changedParts(session: Session, file: FlashFile): Promise<FlashFile[]> {
  const parts: FlashFile[] = [];
  for (let at = 0; at < file.bytes.length; at += COMPARE_UNIT) {
    const end = Math.min(at + COMPARE_UNIT, file.bytes.length);
    if (await holds(session, file, at, end)) continue;
    for (let from = at; from < end; from += SECTOR) {
      const to = Math.min(from + SECTOR, end);
      if (!(await holds(session, file, from, to))) append(parts, file, from, to);
    }
  }
  return parts;
}

/** True where the flash holds the bytes `from` to `to` of the file. */
async function holds({ loader, stop }: Session, file: FlashFile, from: number, to: number): Promise<boolean> {
  stop.throwIfAborted();
  const bytes = padded(file.bytes.subarray(from, to));
  return (await loader.flashMd5sum(file.offset + from, bytes.length)).toLowerCase() === md5(bytes);
}

function append(parts: FlashFile[], { name, offset, bytes }: FlashFile, from: number, to: number): void {
  const last = parts.at(-1);
  const joins = last !== undefined && last.offset + last.bytes.length === offset + from;
  const start = joins ? last.offset - offset : from;
  if (joins) parts.pop();
  parts.push({ name, offset: offset + start, bytes: bytes.subarray(start, to) });
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
