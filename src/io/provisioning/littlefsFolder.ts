// Packs a folder of files into a LittleFS image.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { buildLittlefsImage, type LittlefsOptions } from '../../core/firmware/littlefsImage';
import type { LittlefsFile } from '../../core/firmware/littlefsTree';
import { fileError } from '../files/fileErrors';
import { replaceFile } from '../files/newFile';

export interface LittlefsResult {
  readonly files: number;
  readonly bytes: number;
}

/** The image may hold keys, so it is readable by its owner only. Folders without files are left out. */
export async function buildLittlefsFile(
  folder: string,
  output: string,
  options: LittlefsOptions,
): Promise<LittlefsResult> {
  const files: LittlefsFile[] = [];
  await collect(folder, '', files);
  const image = buildLittlefsImage(files, options);
  await replaceFile(output, image, { mode: 0o600 });
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes.length, 0) };
}

async function collect(folder: string, prefix: string, files: LittlefsFile[]): Promise<void> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) await collect(join(folder, entry.name), `${path}/`, files);
      else if (entry.isFile()) files.push({ path, bytes: await readFile(join(folder, entry.name)) });
      else
        throw new UserError('littlefs-kind', `${join(folder, entry.name)} is neither a file nor a folder. Remove it.`);
    }
  } catch (error) {
    throw fileError(error, 'read', folder);
  }
}
