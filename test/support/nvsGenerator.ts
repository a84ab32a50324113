// Espressif's esp-idf-nvs-partition-gen on many CSVs in one process: starting Python for each would take minutes.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './runTool';
import { temporaryFolder } from './temporaryFolder';

export interface NvsJob {
  readonly csv: string;
  readonly size: number;
  /** 64 bytes; encrypts. */
  readonly keys?: Uint8Array;
}

const driver = `
import json, os, sys, traceback
from types import SimpleNamespace
from esp_idf_nvs_partition_gen import nvs_partition_gen as gen
for n in range(int(sys.argv[1])):
    job = json.load(open('%d.json' % n))
    args = SimpleNamespace(input=['%d.csv' % n], output='%d.bin' % n, size=job['size'], version=2, outdir=os.getcwd())
    key = open('%d.key' % n, 'rb').read(64) if job['keys'] else None
    try:
        gen.generate(args, is_encr_enabled=job['keys'], encr_key=bytearray(key) if key else None)
    except (Exception, SystemExit) as error:
        open('%d.error' % n, 'w').write(repr(error))
`;

/** The image of each job, or the tool's error. */
export async function generateNvs(python: string, jobs: readonly NvsJob[]): Promise<(Uint8Array | string)[]> {
  const folder = temporaryFolder('nvs-generator');
  await Promise.all(
    jobs.flatMap((job, n) => [
      writeFile(join(folder, `${n}.csv`), job.csv),
      writeFile(
        join(folder, `${n}.json`),
        JSON.stringify({ size: `0x${job.size.toString(16)}`, keys: Boolean(job.keys) }),
      ),
      ...(job.keys ? [writeFile(join(folder, `${n}.key`), job.keys)] : []),
    ]),
  );
  const { code, output } = await runTool(python, ['-c', driver, String(jobs.length)], { cwd: folder });
  if (code !== 0) throw new Error(output);
  return await Promise.all(
    jobs.map(async (_, n) => {
      const error = await readFile(join(folder, `${n}.error`), 'utf8').catch(() => undefined);
      return error ?? new Uint8Array(await readFile(join(folder, `${n}.bin`)));
    }),
  );
}
