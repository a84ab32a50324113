// Where certificates are used in a workspace: sketches that name a device in their secure-iot.json.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const DEEPEST = 4;
const SKIPPED = new Set(['node_modules', 'build', '.git', '.pio', 'managed_components']);

/** Device name -> folders of the sketches that carry its certificate, relative to `root`. Unreadable files are skipped. */
export async function sketchesByDevice(root: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const file of await findSketches(root, DEEPEST)) {
    const device = await deviceOf(file);
    if (device === undefined) continue;
    found.set(device, [...(found.get(device) ?? []), relative(root, dirname(file)) || '.']);
  }
  return found;
}

async function findSketches(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const here = entries.filter((e) => e.isFile() && e.name === 'secure-iot.json').map((e) => join(folder, e.name));
  if (depth === 0) return here;
  const folders = entries.filter((e) => e.isDirectory() && !SKIPPED.has(e.name));
  const below = await Promise.all(folders.map((e) => findSketches(join(folder, e.name), depth - 1)));
  return [...here, ...below.flat()];
}

async function deviceOf(file: string): Promise<string | undefined> {
  try {
    const project = JSON.parse(await readFile(file, 'utf8')) as { certificates?: { device?: unknown } };
    return typeof project.certificates?.device === 'string' ? project.certificates.device : undefined;
  } catch {
    return undefined;
  }
}
