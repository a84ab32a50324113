// Finds the real programs that tests run against, and skips a test by name where one is missing.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

const cacheFolder =
  process.env['SECURE_IOT_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'secure-iot');

/** The virtual environment that scripts/prepareMachine.mjs makes for Python's tools. */
export const pythonBin = join(cacheFolder, 'python', 'bin');

/** Where scripts/prepareMachine.mjs lets `go install` put its programs. */
const goBin = join(cacheFolder, 'go', 'bin');

/** Full path of a program, or undefined. What prepareMachine installed comes before PATH. */
export function findTool(name: string): string | undefined {
  const folders = [pythonBin, goBin, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Full path of a program; where it is missing the test is skipped with the way to get it, and undefined comes back. */
export function requireTool(t: TestContext, name: string): string | undefined {
  const file = findTool(name);
  if (!file) t.skip(`${name} is not installed: run "node scripts/prepareMachine.mjs" as root`);
  return file;
}

export function chromiumPath(): string | undefined {
  const chosen = process.env['CHROMIUM'];
  return chosen ?? findTool('chromium') ?? findTool('chromium-browser') ?? findTool('google-chrome');
}

/** Flags without which headless Chromium keeps calling hosts that it cannot reach. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
