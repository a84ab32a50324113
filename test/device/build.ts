// Compiles the programs of this folder (the real Mbed TLS and BearSSL as boards use them) once for their source, into the machine's cache.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = import.meta.dirname ?? __dirname;
const LIBRARIES = { mbedtls: ['-lmbedtls', '-lmbedx509', '-lmbedcrypto'], bearssl: ['-lbearssl'] };
const SHARED = ['deviceLog.c', 'deviceTls.c', 'deviceMqtt.c'];

/** Path of the program that behaves as a board's firmware, or undefined where it cannot be compiled. */
export async function buildDeviceClient(): Promise<string | undefined> {
  const built = await build('deviceClient', ['deviceClient.c', ...SHARED]);
  return built.path;
}

/** The same, with the reason where there is no program: for a banner or a skipped test. */
export async function build(
  name: string,
  sources: readonly string[],
  library: keyof typeof LIBRARIES = 'mbedtls',
): Promise<{ readonly path?: string; readonly reason?: string }> {
  const cache = join(
    process.env['SECURE_IOT_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'secure-iot'),
    'device',
  );
  const hash = createHash('sha256').update(process.arch);
  for (const file of (await readdir(folder)).filter((f) => /\.[ch]$/.test(f)).sort()) {
    hash.update(`${file}\n`).update(await readFile(join(folder, file)));
  }
  const path = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (await stat(path).catch(() => undefined)) return { path };
  await mkdir(cache, { recursive: true });
  // Built beside and renamed, so that two test files that build at once both end with a whole program.
  const draft = `${path}.${process.pid}.${performance.now()}`;
  try {
    const flags = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-o', draft];
    await run('gcc', [...flags, ...sources.map((file) => join(folder, file)), ...LIBRARIES[library]]);
    await rename(draft, path);
    return { path };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const reason =
      code === 'ENOENT'
        ? 'gcc is not installed'
        : (stderr ?? '').includes(library)
          ? `lib${library}-dev is not installed, or is not the version of Debian 12`
          : `gcc failed: ${stderr}`;
    return { reason };
  }
}
