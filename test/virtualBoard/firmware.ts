// Runs the demo firmware: the Mbed TLS program of test/device where it was built, else the stand-in in Node.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporaryFolder';
import { type DemoConfig, telemetryTopic } from './demoConfig';
import { StandInFirmware } from './standInFirmware';

export interface FirmwareOptions {
  readonly config: DemoConfig;
  /** The built program of test/device. */
  readonly deviceClient: string | undefined;
  readonly print: (text: string) => void;
  readonly ended: () => void;
}

export interface Firmware {
  stop(): void;
}

export function runFirmware(options: FirmwareOptions): Firmware {
  return options.deviceClient ? runDeviceClient(options, options.deviceClient) : new StandInFirmware(options);
}

function runDeviceClient({ config, print, ended }: FirmwareOptions, program: string): Firmware {
  const folder = temporaryFolder('virtual-board');
  const args = ['--host', config.host, '--port', String(config.port), '--servername', config.host];
  const file = (option: string, name: string, content: string | null) => {
    if (content === null) return;
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    args.push(option, join(folder, name));
  };
  file('--ca', 'ca.crt', config.ca);
  file('--cert', 'device.crt', config.cert);
  file('--key', 'device.key', config.key);
  args.push('--client-id', config.deviceId, '--topic', telemetryTopic(config), '--platform', config.platform);
  if (config.insecure) args.push('--insecure');
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const clean = () => rmSync(folder, { recursive: true, force: true });
  child.stdout?.on('data', (bytes: Buffer) => print(bytes.toString('utf8')));
  child.stderr?.on('data', (bytes: Buffer) => print(bytes.toString('utf8')));
  child.once('error', (error) => print(`virtual board: the device client cannot run: ${error.message}\n`));
  child.once('close', () => {
    clean();
    ended();
  });
  return {
    stop: () => {
      child.removeAllListeners('close').once('close', clean);
      child.kill('SIGKILL');
    },
  };
}
