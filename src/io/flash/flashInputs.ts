// From what the user names (offsets and files, flasher_args.json, a build folder, a merged image) to a flash plan.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../core/errors';
import { isMergedImage, parsePlatformioMetadata, placeBuildImages } from '../../core/firmware/buildImages';
import type { Chip } from '../../core/firmware/chips';
import { parseFlasherArgs } from '../../core/firmware/flasherArgs';
import { type FlashFile, notFlashable, parseOffset } from '../../core/firmware/flashFile';
import { type FlashPlan, planFlash } from '../../core/firmware/flashPlan';

/** No flash chip of a board is larger. */
const MAX_FILE = 128 * 1024 * 1024;

/** `inputs` is one path, or offsets and files in turn. Throws UserError. */
export async function readFlashInputs(inputs: readonly string[]): Promise<FlashPlan> {
  const [first] = inputs;
  if (first === undefined)
    throw new UserError(
      'nothing-to-flash',
      'Name what to flash: OFFSET FILE pairs, flasher_args.json, or a build folder.',
    );
  const isLoneOffset = inputs.length === 1 && /^0x[0-9a-f]+$/i.test(first);
  if (inputs.length === 1 && !isLoneOffset) return planOf(first);
  if (inputs.length % 2 !== 0)
    throw new UserError(
      'offset-invalid',
      'Every file needs an offset before it, and every offset a file: 0x1000 bootloader.bin 0x10000 app.bin.',
    );
  const files: FlashFile[] = [];
  for (let i = 0; i < inputs.length; i += 2) {
    const offset = parseOffset(inputs[i] ?? '');
    files.push(await readAt(offset, inputs[i + 1] ?? ''));
  }
  return planFlash(files);
}

async function planOf(path: string): Promise<FlashPlan> {
  const info = await stat(path).catch((error) => {
    throw unreadable(path, error);
  });
  if (info.isDirectory()) return planOfFolder(path);
  if (basename(path) === 'idedata.json') return planOfPlatformio(dirname(path));
  if (/\.json$/i.test(path)) return planOfFlasherArgs(path);
  const bytes = await read(path);
  const wrong = notFlashable(bytes);
  if (wrong) throw new UserError('not-an-image', `${basename(path)} ${wrong}.`);
  if (isMergedImage(bytes)) return planFlash([{ offset: 0, bytes, name: basename(path) }]);
  throw new UserError(
    'offset-missing',
    `${basename(path)} is not an image of the whole flash, so say where it goes: 0x10000 ${path}.`,
  );
}

/** What a folder holds, the most exact description first. */
async function planOfFolder(folder: string): Promise<FlashPlan> {
  const names = await readdir(folder);
  if (names.includes('flasher_args.json')) return planOfFlasherArgs(join(folder, 'flasher_args.json'));
  const sketch = names.find((name) => name.endsWith('.ino.bin'))?.slice(0, -'.bin'.length);
  if (sketch) return planOfImages(folder, names, sketch, `${sketch}.bin`);
  if (names.includes('idedata.json') && names.includes('firmware.bin')) return planOfPlatformio(folder);
  if (names.includes('firmware.bin')) return planOfImages(folder, names, '', 'firmware.bin');
  const merged = names.find((name) => name.endsWith('merged.bin'));
  if (merged) return planOf(join(folder, merged));
  if (names.includes('build')) return planOfFolder(join(folder, 'build'));
  throw new UserError(
    'no-build',
    `There is no build in ${folder}: neither flasher_args.json nor *.ino.bin nor firmware.bin. Build the project first.`,
  );
}

async function planOfFlasherArgs(path: string): Promise<FlashPlan> {
  const { files, chip } = parseFlasherArgs(new TextDecoder().decode(await read(path)));
  return planAt(dirname(path), files, chip);
}

async function planOfPlatformio(folder: string): Promise<FlashPlan> {
  const { images, appOffset } = parsePlatformioMetadata(
    new TextDecoder().decode(await read(join(folder, 'idedata.json'))),
  );
  return planAt(folder, [...images, { offset: appOffset, path: 'firmware.bin' }], undefined);
}

async function planAt(
  folder: string,
  files: readonly { offset: number; path: string }[],
  chip: Chip | undefined,
): Promise<FlashPlan> {
  return planFlash(await Promise.all(files.map(({ offset, path }) => readAt(offset, resolve(folder, path)))), chip);
}

/** arduino-cli and Arduino IDE: `x.ino.bootloader.bin`; PlatformIO without metadata: `bootloader.bin`. */
async function planOfImages(folder: string, names: readonly string[], stem: string, app: string): Promise<FlashPlan> {
  const named = async (name: string) => ({ name, bytes: await read(join(folder, name)) });
  const part = async (name: string) => {
    const full = stem ? `${stem}.${name}` : name;
    return names.includes(full) ? named(full) : undefined;
  };
  return planFlash(
    placeBuildImages({
      app: await named(app),
      bootloader: await part('bootloader.bin'),
      partitions: await part('partitions.bin'),
    }),
  );
}

async function readAt(offset: number, path: string): Promise<FlashFile> {
  return { offset, bytes: await read(path), name: basename(path) };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE)
      throw new UserError('image-too-large', `${path} is larger than any board's flash (${size} bytes).`);
    return await readFile(path);
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? 'does not exist. Check the path, or build the project first'
      : code === 'EISDIR'
        ? 'is a folder. Name a file'
        : code === 'EACCES'
          ? 'may not be read. Check its permissions'
          : `cannot be read (${code ?? String(error)})`;
  return new UserError('file-unreadable', `${path} ${why}.`, undefined, { cause: error });
}
