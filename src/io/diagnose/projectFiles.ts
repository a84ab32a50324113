// Reads the text files of a firmware project that say something about its connection. Bounded in depth, count and size.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import { UserError } from '../../core/errors';
import { MOSQUITTO, PARTITIONS } from '../../core/lint/lintable';

const WANTED =
  /\.(ino|c|cc|cpp|cxx|h|hpp|hh|pem|crt|cer|key)$|^(platformio\.ini|sdkconfig(\.(?!old$)[\w.-]+)?|sketch\.yaml|secure-iot\.json|dependencies\.lock)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.pio', 'build', 'managed_components', 'dist', 'certs']);
const MAX_FILES = 400;
const MAX_BYTES = 512 * 1024;
const MAX_DEPTH = 4;

/** Paths are relative to `folder`, with `/`; the top folder's files come first. Throws UserError when it cannot be read. */
export async function readProjectFiles(folder: string): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  const walk = async (current: string, depth: number): Promise<void> => {
    const entries = await readdir(current, { withFileTypes: true });
    entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || a.name.localeCompare(b.name));
    for (const entry of entries) {
      if (found.length >= MAX_FILES) return;
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH && !SKIPPED_FOLDERS.has(entry.name) && !entry.name.startsWith('.')) {
          await walk(path, depth + 1).catch(() => undefined); // a folder that cannot be read says nothing
        }
      } else if (entry.isFile() && WANTED.test(entry.name)) {
        const { size } = await stat(path);
        if (size > MAX_BYTES) continue;
        found.push({
          path: relative(folder, path).replaceAll('\\', '/'),
          text: (await readFile(path, 'utf8')).replace(/^\ufeff/, ''),
        });
      }
    }
  };
  try {
    await walk(folder, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`;
    throw new UserError('project-unreadable', `The project folder ${folder} ${what}.`);
  }
  return found;
}

/** Folders under `root` that hold a sketch or an ESP-IDF or PlatformIO project, nearest first; at most 50. */
export async function findProjects(root: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.map(({ name }) => name);
    const isProject =
      names.some((name) => /\.ino$|^platformio\.ini$|^sdkconfig$|^secure-iot\.json$/.test(name)) ||
      (names.includes('CMakeLists.txt') && names.includes('main')); // ESP-IDF before its first build
    if (isProject) found.push(folder);
    for (const entry of entries) {
      const enter = entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name) && !entry.name.startsWith('.');
      if (enter && depth < MAX_DEPTH && found.length < 50 && !isProject)
        await walk(join(folder, entry.name), depth + 1);
    }
  };
  await walk(root, 0);
  return found;
}

/** mosquitto*.conf and partition tables of the folder and of a `mosquitto` folder in it; relative paths. */
export async function findConfigurations(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['', 'mosquitto/']) {
    const names = await readdir(join(root, folder)).catch(() => []);
    found.push(
      ...names.filter((name) => MOSQUITTO.test(name) || PARTITIONS.test(name)).map((name) => `${folder}${name}`),
    );
  }
  return found;
}
