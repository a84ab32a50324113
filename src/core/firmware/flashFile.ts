// A file to be written at an offset of the flash, and what its first bytes say that it is.
import { UserError } from '../errors';

export interface FlashFile {
  /** Bytes from the start of the flash. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** As the user knows it, for messages. */
  readonly name: string;
}

/** Flash is erased in these units; a write that starts inside one would wipe what lies before it. */
export const SECTOR = 4096;

/** What files are that people pick instead of the image beside them; undefined where it may be anything. */
export function notFlashable(bytes: Uint8Array): string | undefined {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (bytes.length === 0) return 'is empty';
  if (starts(0x7f, 0x45, 0x4c, 0x46)) return 'is an ELF file for debuggers; flash the .bin file beside it';
  if (starts(0x55, 0x46, 0x32, 0x0a))
    return 'is a UF2 file; copy that to the USB drive of the board, or flash a .bin file';
  if (starts(0x50, 0x4b, 0x03, 0x04)) return 'is a ZIP archive; unpack it and flash the .bin file inside';
  if (starts(0x1f, 0x8b)) return 'is compressed with gzip; unpack it first';
  if (/^:[0-9A-F]{8,}/i.test(ascii(bytes, 16))) return 'is an Intel HEX file; flash a .bin file';
  if (/^\s*<(!doctype|html)/i.test(ascii(bytes, 64))) return 'is a web page; the download went wrong';
  if (ascii(bytes, 7) === 'version' && ascii(bytes, 60).includes('git-lfs'))
    return 'is a Git LFS pointer; run "git lfs pull" to get the file itself';
  return undefined;
}

/** Reads `0x1000` or `4096`. Throws UserError `offset-invalid`. */
export function parseOffset(text: string): number {
  const value = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value > 0xffffffff)
    throw new UserError('offset-invalid', `"${text}" is not an offset. Write it as 0x10000.`);
  return value;
}

export function hex(n: number): string {
  return `0x${n.toString(16)}`;
}

function ascii(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}
