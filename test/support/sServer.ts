// `openssl s_server`: speaks no MQTT, but can be told exactly what of TLS to do. One for one test, on a free port.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './mosquitto';
import { temporaryFolder } from './temporaryFolder';
import { requireTool } from './tools';

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
  for (const deadline = Date.now() + 5_000; !(await isOpen(port)); ) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`openssl s_server did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return port;
}

export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
