// Finds built firmware below a folder: ESP-IDF, Arduino, PlatformIO builds and images of a whole flash.
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface Build {
  /** What `readFlashInputs` takes: a file or a folder. */
  readonly path: string;
  /** Relative to the searched folder, for showing. */
  readonly label: string;
  readonly kind: 'ESP-IDF build' | 'Arduino build' | 'PlatformIO build' | 'Image of the whole flash';
  /** The program alone, which an update over the network takes; absolute. */
  readonly program?: string;
  /** Milliseconds since the epoch. */
  readonly builtMs: number;
}

const MAX_DEPTH = 6;
const MAX_FOLDERS = 5_000;
const SKIP = new Set([
  'node_modules',
  '.git',
  '.vscode',
  'managed_components',
  'CMakeFiles',
  'esp-idf',
  'libdeps',
  'certs',
]);

/** Newest first. Bounded in depth and number of folders, so that a huge workspace costs no more. */
export async function findBuilds(root: string): Promise<Build[]> {
  const builds: Build[] = [];
  const queue: { folder: string; depth: number }[] = [{ folder: root, depth: 0 }];
  for (let visited = 0; queue.length > 0 && visited < MAX_FOLDERS; visited++) {
    const { folder, depth } = queue.shift() ?? { folder: root, depth: MAX_DEPTH };
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const found = buildIn(files);
    if (found) {
      const path = found.file === undefined ? folder : join(folder, found.file);
      const builtMs = (await stat(join(folder, found.dated)).catch(() => undefined))?.mtimeMs ?? 0;
      const program = found.dated.endsWith('.bin') && !found.file ? { program: join(folder, found.dated) } : {};
      builds.push({ path, label: relative(root, path) || '.', kind: found.kind, builtMs, ...program });
    }
    if (depth < MAX_DEPTH)
      for (const entry of entries)
        if (entry.isDirectory() && !SKIP.has(entry.name))
          queue.push({ folder: join(folder, entry.name), depth: depth + 1 });
  }
  return builds.sort((a, b) => b.builtMs - a.builtMs);
}

/** `file` is set where the build is described by one file; `dated` is the file whose age is the build's. */
function buildIn(files: readonly string[]): { kind: Build['kind']; file?: string; dated: string } | undefined {
  const args = files.find((name) => name === 'flasher_args.json');
  if (args) return { kind: 'ESP-IDF build', file: args, dated: args };
  const sketch = files.find((name) => name.endsWith('.ino.bin'));
  if (sketch) return { kind: 'Arduino build', dated: sketch };
  if (files.includes('firmware.bin')) return { kind: 'PlatformIO build', dated: 'firmware.bin' };
  const merged = files.find((name) => /merged.*\.bin$/i.test(name));
  return merged ? { kind: 'Image of the whole flash', file: merged, dated: merged } : undefined;
}
