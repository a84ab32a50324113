// Espressif's configure_esp_secure_cert.py on many inputs in one process: what it builds, and what it reads.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './runTool';

export interface SecureCertJob {
  readonly csv: string;
  /** Files beside the CSV. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

export interface SecureCertReading {
  /** `esp_secure_cert_parsed.csv`. */
  readonly csv: string;
  /** File name -> content. */
  readonly files: Readonly<Record<string, string>>;
  /** The tool's listing, with its verdict on every checksum. */
  readonly listing: string;
}

const driver = `
import os, sys, contextlib, io
from esp_secure_cert.tlv_format_construct import EspSecureCert
top = os.getcwd()
for n in range(int(sys.argv[2])):
    os.chdir(os.path.join(top, str(n)))
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            if sys.argv[1] == 'build':
                tool = EspSecureCert()
                tool.parse_esp_secure_cert_csv('in.csv')
                tool.generate_esp_secure_cert('esp32c3', None, add_tlv_integrity=True)
                tool.esp_secure_cert_cleanup()
            else:
                EspSecureCert.parse_esp_secure_cert_bin('image.bin')
    except (Exception, SystemExit) as error:
        open('error', 'w').write(repr(error))
`;

import { temporaryFolder } from './temporaryFolder';

/** The image of each job, or the tool's error. */
export function buildWithTool(python: string, jobs: readonly SecureCertJob[]): Promise<(Uint8Array | string)[]> {
  const inputs = jobs.map(({ csv, files }) => ({ ...files, 'in.csv': csv }));
  return inFolders(python, 'build', inputs, async (folder) => {
    const error = await readFile(join(folder, 'error'), 'utf8').catch(() => undefined);
    return error ?? new Uint8Array(await readFile(join(folder, 'esp_secure_cert_data', 'esp_secure_cert.bin')));
  });
}

export function readWithTool(python: string, images: readonly Uint8Array[]): Promise<SecureCertReading[]> {
  const inputs = images.map((image) => ({ 'image.bin': image }));
  return inFolders(python, 'parse', inputs, async (folder) => {
    const error = await readFile(join(folder, 'error'), 'utf8').catch(() => undefined);
    if (error !== undefined) throw new Error(error);
    const parsed = join(folder, 'esp_secure_cert_parsed_data');
    const names = await readdir(join(parsed, 'contents'));
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(join(parsed, 'contents', name), 'utf8')] as const),
    );
    return {
      csv: await readFile(join(parsed, 'esp_secure_cert_parsed.csv'), 'utf8'),
      files: Object.fromEntries(files),
      listing: await readFile(join(parsed, 'tlv_entries_raw.txt'), 'utf8'),
    };
  });
}

async function inFolders<T>(
  python: string,
  action: 'build' | 'parse',
  inputs: readonly Readonly<Record<string, string | Uint8Array>>[],
  result: (folder: string) => Promise<T>,
): Promise<T[]> {
  const top = temporaryFolder('secure-cert-tool');
  const folders = inputs.map((_, n) => join(top, String(n)));
  for (const [n, files] of inputs.entries()) {
    await mkdir(folders[n] ?? '');
    for (const [name, content] of Object.entries(files)) await writeFile(join(folders[n] ?? '', name), content);
  }
  const { code, output } = await runTool(python, ['-c', driver, action, String(inputs.length)], { cwd: top });
  if (code !== 0) throw new Error(output);
  return await Promise.all(folders.map(result));
}
