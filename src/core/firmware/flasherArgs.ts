// ESP-IDF's flasher_args.json: which files of a build go where, and for which chip.
import { UserError } from '../errors';
import { type Chip, chipByName } from './chips';
import { parseOffset } from './flashFile';

export interface FlasherArgs {
  /** Paths are relative to the folder of flasher_args.json. */
  readonly files: readonly { readonly offset: number; readonly path: string }[];
  readonly chip: Chip | undefined;
}

/** Throws UserError `flasher-args-invalid`. */
export function parseFlasherArgs(text: string): FlasherArgs {
  const json = parse(text);
  const table = json?.['flash_files'];
  if (!isRecord(table)) throw invalid('it has no "flash_files"');
  const files = Object.entries(table).map(([offset, path]) => {
    if (typeof path !== 'string') throw invalid(`the file at ${offset} is not a path`);
    return { offset: parseOffset(offset), path };
  });
  if (files.length === 0) throw invalid('it names no files');
  for (const part of Object.values(json ?? {}))
    if (isRecord(part) && part['encrypted'] === 'true')
      throw new UserError(
        'encrypted-build',
        `This build writes ${String(part['file'])} encrypted by the chip, which is not supported here. Use "idf.py encrypted-flash".`,
      );
  const extra = json?.['extra_esptool_args'];
  const chip = isRecord(extra) && typeof extra['chip'] === 'string' ? chipByName(extra['chip']) : undefined;
  return { files, chip };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'it is not JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(why: string): UserError {
  return new UserError(
    'flasher-args-invalid',
    `This is not a usable flasher_args.json: ${why}. Build the project again.`,
  );
}
