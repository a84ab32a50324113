// `openssl s_server`: speaks no MQTT, but can be told exactly what of TLS to do. One for one test, on a free port.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, isOpen } from './mosquitto';
import { temporaryFolder } from './temporaryFolder';
import { requireTool } from './tools';
import { until } from './until';

/** `files`: name -> text, put into its folder; an argument `@name` stands for such a file's path. */
export async function startSServer(
  t: TestContext,
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<number | undefined> {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return undefined;
  const folder = temporaryFolder('s-server');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const port = await freePort();
  const child = spawn(openssl, [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    '-quiet',
    '-naccept',
    '500',
    ...args.map((arg) => (arg.startsWith('@') ? join(folder, arg.slice(1)) : arg)),
  ]);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  t.after(() => child.kill('SIGKILL'));
  const failed = () => `openssl s_server did not start: ${said}`;
  await until(async () => child.exitCode !== null || (await isOpen(port)), failed);
  if (child.exitCode !== null) throw new Error(failed());
  return port;
}
