// Packs a folder of files into a LittleFS image.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { UserError } from '../../core/errors';
import { buildLittlefsImage, type LittlefsOptions } from '../../core/firmware/littlefsImage';
import { readLittlefsImage } from '../../core/firmware/littlefsReader';
import type { LittlefsFile } from '../../core/firmware/littlefsTree';
import { fileError } from '../files/fileErrors';
import { type OutputRule, writeOutput } from '../files/outputFile';

export interface LittlefsResult {
  readonly files: number;
  readonly bytes: number;
}

/**
 * The image may hold keys, so it is readable by its owner only. Folders without files are left out. Replaces an older image
 * of a folder. Throws UserError `file-exists` where anything else has the name of `output`.
 */
export async function buildLittlefsFile(
  folder: string,
  output: string,
  options: LittlefsOptions & Pick<OutputRule, 'force'>,
): Promise<LittlefsResult> {
  await refuseInside(folder, output);
  const files: LittlefsFile[] = [];
  await collect(folder, '', files);
  const image = buildLittlefsImage(files, options);
  await writeOutput(output, image, { mode: 0o600, force: options.force, canBeRemade: isBuiltLittlefs });
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes.length, 0) };
}

/** An image in the folder that it is made of would be packed into the next one. */
async function refuseInside(folder: string, output: string): Promise<void> {
  const [from, to] = await Promise.all([folder, dirname(output)].map((path) => realpath(path).catch(() => undefined)));
  if (from === undefined || to === undefined) return;
  const way = relative(from, to);
  if (way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way))
    throw new UserError(
      'output-is-input',
      `${output} lies in ${folder}, which is packed. Choose a place outside of it.`,
    );
}

/** Built from its own files it is the same again: no board has written to it. */
function isBuiltLittlefs(image: Uint8Array): boolean {
  try {
    const { files, blockSize, nameMax } = readLittlefsImage(image);
    return Buffer.from(buildLittlefsImage(files, { size: image.length, blockSize, nameMax })).equals(image);
  } catch {
    return false;
  }
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
