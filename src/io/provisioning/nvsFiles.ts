// NVS images, their CSV and their keys as files. Images and keys hold secrets: 0600, written beside and renamed.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../../core/errors';
import { parseNvsCsv } from '../../core/firmware/nvsCsv';
import { refuseNvsDuplicates } from '../../core/firmware/nvsDuplicates';
import { NVS_PAGE_SIZE, type NvsRow } from '../../core/firmware/nvsFormat';
import { buildNvsImage } from '../../core/firmware/nvsImage';
import { makeNvsKeyPartition, NVS_KEY_LENGTH, readNvsKeys } from '../../core/firmware/nvsKeys';
import { type NvsContent, readNvsImage } from '../../core/firmware/nvsReader';
import { withWifiExtras } from '../../core/firmware/nvsWifi';
import { fileError } from '../files/fileErrors';
import { writeNewFile } from '../files/newFile';
import { type OutputRule, writeOutput } from '../files/outputFile';
import { nvsCipher, wifiMasterKey } from './nvsCipher';

/** Rows of a CSV; the files it names are looked for in the current folder, then beside the CSV. */
async function readNvsCsvFile(path: string): Promise<NvsRow[]> {
  const text = (await readInput(path)).toString('utf8');
  const rows = parseNvsCsv(text, (name) => {
    const candidates = isAbsolute(name) ? [name] : [name, join(dirname(path), name)];
    const found = candidates.find((candidate) => existsSync(candidate));
    if (!found) throw new UserError('file-missing', `The file ${name} does not exist. Correct its name.`);
    try {
      return readFileSync(found);
    } catch (error) {
      throw fileError(error, 'read', found);
    }
  });
  refuseNvsDuplicates(rows);
  return withWifiExtras(rows, wifiMasterKey);
}

export interface NvsBuildOptions extends Pick<OutputRule, 'force'> {
  /** A key partition: the image is encrypted with it. */
  readonly keyFile?: string | undefined;
}

/** Replaces an older image of a CSV. Throws UserError `file-exists` where anything else has the name of `output`. */
export async function buildNvsFile(
  csv: string,
  output: string,
  size: number,
  { keyFile, force }: NvsBuildOptions = {},
): Promise<Uint8Array> {
  const cipher = keyFile === undefined ? undefined : nvsCipher(await readNvsKeyFile(keyFile));
  const image = buildNvsImage(await readNvsCsvFile(csv), size, cipher ? { cipher } : {});
  const inputs = keyFile === undefined ? [csv] : [csv, keyFile];
  await writeOutput(output, image, { mode: 0o600, force, inputs, canBeRemade: isFreshNvs });
  return image;
}

/**
 * As a builder leaves it. The NVS that a board has used, of which a copy may be the only one, has erased entries or pages
 * in another order.
 */
function isFreshNvs(image: Uint8Array): boolean {
  if (image.length === 0 || image.length % NVS_PAGE_SIZE !== 0) return false;
  const { pages, entries, layout, looksEncrypted, problems } = readNvsImage(image);
  const ordered = layout.pages.every((state, index) => state === (index < pages.used ? 'used' : 'empty'));
  const sound = looksEncrypted || problems.length === 0;
  return pages.used > 0 && ordered && sound && entries.erased === 0 && layout.lastSequence === pages.used - 1;
}

export async function readNvsFile(path: string, keyFile?: string): Promise<NvsContent> {
  const cipher = keyFile === undefined ? undefined : nvsCipher(await readNvsKeyFile(keyFile));
  const content = readNvsImage(await readInput(path), cipher);
  if (content.pages.used + content.pages.empty === 0)
    throw new UserError(
      'not-nvs',
      `${path} is not an NVS image: it has no page with a sound header. Choose another file.`,
    );
  return content;
}

/** The 64 bytes of a key file. */
export async function readNvsKeyFile(path: string): Promise<Uint8Array> {
  return readNvsKeys(await readInput(path));
}

/** Makes a key partition with fresh keys. Never overwrites one: what it encrypted could not be read any more. */
export async function writeNvsKeys(path: string): Promise<void> {
  await writeNewFile(path, makeNvsKeyPartition(randomBytes(NVS_KEY_LENGTH)), { mode: 0o600 });
}

async function readInput(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw fileError(error, 'read', path);
  });
}
