// Runs the Mbed TLS program of test/device against a broker and returns what the "board" printed.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporaryFolder';

export interface DeviceRun {
  readonly port: number;
  readonly host?: string;
  readonly servername?: string;
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly extra?: readonly string[];
}

/** One attempt: ends after the first message published or the first failure. */
export async function runDevice(
  program: string,
  run: DeviceRun,
): Promise<{ readonly output: string; readonly connected: boolean }> {
  const folder = temporaryFolder('device');
  const args = ['--host', run.host ?? '127.0.0.1', '--port', String(run.port), '--count', '1', '--attempts', '1'];
  args.push('--backoff-ms', '10', '--interval-ms', '50', ...(run.extra ?? []));
  if (run.servername) args.push('--servername', run.servername);
  for (const name of ['ca', 'cert', 'key'] as const) {
    const text = run[name];
    if (text === undefined) continue;
    await writeFile(join(folder, name), text, { mode: 0o600 });
    args.push(`--${name}`, join(folder, name));
  }
  return new Promise<{ output: string; connected: boolean }>((resolve, reject) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`${error.message}\n${stdout}${stderr}`));
      else resolve({ output: stdout.replaceAll('\r\n', '\n'), connected: !error });
    });
  });
}
