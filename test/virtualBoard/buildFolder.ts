// Reads a build folder's flasher_args.json and the files it lists.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlashFile } from './demoImage';

export async function readBuildFolder(folder: string): Promise<FlashFile[]> {
  const args: { flash_files: Record<string, string> } = JSON.parse(
    await readFile(join(folder, 'flasher_args.json'), 'utf8'),
  );
  return Promise.all(
    Object.entries(args.flash_files).map(async ([offset, name]) => ({
      offset: Number(offset),
      name,
      data: new Uint8Array(await readFile(join(folder, name))),
    })),
  );
}
