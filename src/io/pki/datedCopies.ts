// Copies that stay beside a renewed certificate and its key: "localhost.crt.2026-05-01".
import { readFile, stat } from 'node:fs/promises';
import { writeNewFile } from '../files/newFile';

/** ".2026-05-01", or with "-2", "-3", … where a copy of that day is there already. */
export async function freeSuffix(paths: readonly string[], now: Date): Promise<string> {
  const date = `.${now.toISOString().slice(0, 10)}`;
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? date : `${date}-${n}`;
    const taken = await Promise.all(paths.map((path) => exists(`${path}${suffix}`)));
    if (!taken.includes(true)) return suffix;
  }
}

export async function keepCopy(path: string, suffix: string): Promise<void> {
  await writeNewFile(`${path}${suffix}`, await readFile(path), { mode: path.endsWith('.key') ? 0o600 : 0o644 });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
