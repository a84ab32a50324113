// Files by path -> a tree of directories, each sorted as littlefs looks names up, cut into pieces that fit a block.
import { UserError } from '../errors';
import { METADATA_OVERHEAD, tagSize } from './littlefsFormat';

export interface LittlefsFile {
  /** With slashes, relative to the root: `certs/ca.pem`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type LittlefsEntry =
  | { readonly kind: 'file'; readonly name: Uint8Array; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly name: Uint8Array; readonly directory: LittlefsDirectory };

export interface LittlefsDirectory {
  readonly entries: Map<string, LittlefsEntry>;
}

/** Larger files get blocks of their own. Small enough for the caches of ESP32's and ESP8266's LittleFS (64 bytes). */
export const INLINE_LIMIT = 64;

export function buildLittlefsTree(files: readonly LittlefsFile[], nameMax: number): LittlefsDirectory {
  const root: LittlefsDirectory = { entries: new Map() };
  for (const file of files) {
    const parts = file.path.split('/');
    const name = parts.pop() ?? '';
    let directory = root;
    for (const part of parts)
      directory = subdirectory(directory, checkedName(part, file.path, nameMax), part, file.path);
    const bytes = checkedName(name, file.path, nameMax);
    if (directory.entries.has(name))
      throw new UserError('littlefs-duplicate', `${file.path} comes twice, or is a file and a folder at once.`);
    directory.entries.set(name, { kind: 'file', name: bytes, bytes: file.bytes });
  }
  return root;
}

function subdirectory(parent: LittlefsDirectory, name: Uint8Array, key: string, path: string): LittlefsDirectory {
  const existing = parent.entries.get(key);
  if (existing?.kind === 'file')
    throw new UserError('littlefs-duplicate', `${path} lies in "${key}", which is a file.`);
  if (existing) return existing.directory;
  const directory: LittlefsDirectory = { entries: new Map() };
  parent.entries.set(key, { kind: 'directory', name, directory });
  return directory;
}

function checkedName(name: string, path: string, nameMax: number): Uint8Array {
  if (name === '' || name === '.' || name === '..' || name.includes('\0'))
    throw new UserError('littlefs-name', `"${path}" is not a path that LittleFS can hold.`);
  const bytes = new TextEncoder().encode(name);
  if (bytes.length > nameMax)
    throw new UserError(
      'littlefs-name-too-long',
      `"${name}" has ${bytes.length} bytes; the firmware's LittleFS takes names up to ${nameMax}. Rename it.`,
    );
  return bytes;
}

/** The pieces of a directory, one metadata block each; at least one. `first` is taken in the first piece. */
export function splitDirectory(directory: LittlefsDirectory, blockSize: number, first: number): LittlefsEntry[][] {
  const sorted = [...directory.entries.values()].sort((a, b) => compareBytes(a.name, b.name));
  // Half full, as littlefs leaves a block that it splits: there is room for what the board adds.
  const budget = blockSize / 2 - METADATA_OVERHEAD;
  const pieces: LittlefsEntry[][] = [[]];
  let used = first;
  for (const entry of sorted) {
    const size = tagSize(entry.name.length) + tagSize(structSize(entry));
    let piece = pieces.at(-1);
    if (!piece || (used + size > budget && piece.length > 0)) {
      piece = [];
      pieces.push(piece);
      used = 0;
    }
    piece.push(entry);
    used += size;
  }
  return pieces;
}

function structSize(entry: LittlefsEntry): number {
  return entry.kind === 'file' && entry.bytes.length <= INLINE_LIMIT ? entry.bytes.length : 8;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
