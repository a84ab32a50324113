// A real mosquitto with TLS for one test: own folder, a free port, stopped by its own process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from './temporaryFolder';
import { findTool } from './tools';
import { until } from './until';

export interface MosquittoOptions {
  /** PEM texts. `certificate` may be a chain, leaf first. Without them the listener is plain. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly requireCertificate?: boolean;
  /** `tls_version`: the minimum. */
  readonly minimumVersion?: 'tlsv1.2' | 'tlsv1.3';
  readonly extraLines?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
}

export interface Mosquitto {
  readonly port: number;
  log(): string;
  /** Waits until the log has it: it comes through a pipe, some time after what it tells of. */
  logShows(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether something listens there. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

export async function startMosquitto(options: MosquittoOptions): Promise<Mosquitto> {
  const program = findTool('mosquitto');
  if (!program) throw new Error('mosquitto is not installed');
  const folder = temporaryFolder('mosquitto');
  const port = options.port ?? (await freePort());
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'log_type all', 'log_dest stderr', 'user root'];
  const files = { cafile: options.ca, certfile: options.certificate, keyfile: options.key };
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) continue;
    await writeFile(join(folder, name), text, { mode: 0o600 });
    lines.push(`${name} ${join(folder, name)}`);
  }
  if (options.requireCertificate) lines.push('require_certificate true', 'use_identity_as_username true');
  if (options.minimumVersion) lines.push(`tls_version ${options.minimumVersion}`);
  await writeFile(join(folder, 'mosquitto.conf'), [...lines, ...(options.extraLines ?? [])].join('\n'));
  const child = spawn(program, ['-c', join(folder, 'mosquitto.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  try {
    await waitForPort(port, child, () => log);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    port,
    log: () => log,
    logShows: (pattern) =>
      until(
        () => pattern.test(log),
        () => `mosquitto's log does not show ${pattern}:
${log}`,
      ),
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, delay(3000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    },
  };
}

async function waitForPort(port: number, child: ChildProcess, log: () => string): Promise<void> {
  await until(
    async () => child.exitCode !== null || (await isOpen(port)),
    () => `mosquitto did not start: ${log()}`,
  );
  if (child.exitCode !== null) throw new Error(`mosquitto did not start: ${log()}`);
}
