// Provision Device…: which board, which device's certificates; then NVS is read, merged, written and verified.
import * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { CancelledError, UserError } from '../../core/errors';
import type { ProvisionTarget } from '../../io/provisioning/identityWrite';
import type { ProvisionResult } from '../../io/provisioning/provisionBoard';
import { pickBoard } from '../boards/pickBoard';
import { type BoardDependencies, withBoardPort } from '../boards/withBoardPort';
import type { BrokerHost } from '../brokers/brokerHost';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { readSetting, runCommand } from '../commands';
import { withProgress } from '../progress';
import { withNvsKeys } from './nvsKeyFile';
import { pickDevice } from './pickDevice';

/** Every answer given here is not asked for. */
export interface ProvisionOptions {
  readonly address?: string;
  readonly device?: string;
  readonly namespace?: string;
  readonly target?: ProvisionTarget;
}

export interface ProvisionDependencies extends BoardDependencies {
  readonly broker: LocalBroker;
}

type LocalBroker = Pick<BrokerHost, 'running' | 'onDidChange' | 'record'>;

/** Boot, Wi-Fi, TLS handshake: 10 s are usual. */
const CONNECT_DEADLINE_MS = 45_000;
/** What the firmware template "nvs" reads from. */
const NAMESPACE = 'tls';

export async function provisionDevice(
  { memory, ports, broker, log }: ProvisionDependencies,
  options: ProvisionOptions,
): Promise<ProvisionResult> {
  const { readDeviceIdentity } = await import('../../io/pki/identityFiles');
  const folder = certificatesFolder();
  const device = options.device ?? (await pickDevice(folder.path));
  const identity = await readDeviceIdentity(folder.path, device, Date.now());
  const board = await pickBoard(memory, 'Provision Device', options.address);
  const { provisionBoard } = await import('../../io/provisioning/provisionBoard');
  const { PROVISION_TARGETS } = await import('../../io/provisioning/identityWrite');
  const wanted = PROVISION_TARGETS.find((target) => target === readSetting('secureIot.provisioning.target'));
  const write = (reuse: boolean, nvsKeys: Uint8Array | undefined) =>
    withBoardPort({ ports }, board, `provisioning "${device}" on`, (port, work) =>
      provisionBoard(
        port,
        {
          device,
          folder: folder.path,
          identity,
          namespace: options.namespace ?? NAMESPACE,
          target: options.target ?? wanted,
          reuse,
          nvsKeys,
        },
        { ...work, baudRate: readSetting('secureIot.flash.baudRate'), log: (line) => log.info(line) },
      ),
    );
  const began = Date.now();
  const { result, watched } = await withNvsKeys((keys) =>
    write(false, keys).catch(async (error: unknown) => {
      if (!(error instanceof UserError) || error.code !== 'device-used') throw error;
      await agreeToReuse(error.message);
      return write(true, keys);
    }),
  );
  void tell(device, board.address, watched, result, () => connects(device, began, broker));
  return result;
}

async function agreeToReuse(message: string): Promise<void> {
  const reuse = 'Use It Again';
  if ((await vscode.window.showWarningMessage(message, { modal: true }, reuse)) !== reuse) throw new CancelledError();
}

async function tell(
  device: string,
  address: string,
  watched: boolean,
  result: ProvisionResult,
  connects: () => Promise<boolean | undefined>,
): Promise<void> {
  // one, because VS Code drops a fourth notification at once
  if (result.warnings.length > 0) void vscode.window.showWarningMessage(result.warnings.join(' '));
  const { chip, mac, partition, kept } = result;
  const open = 'Open Serial Monitor';
  const offers = watched ? [] : [open];
  const connected = await connects();
  const done = `${chip} (${mac ?? 'MAC unknown'}) is now "${device}": CA, certificate and key are in its partition "${partition.label}", verified.${kept > 0 ? ` Kept: ${counted(kept, 'other entry', 'other entries')}.` : ''}`;
  const choice =
    connected === false
      ? await vscode.window.showWarningMessage(
          `${done} It did not connect to the local broker so far: the serial monitor tells why.`,
          ...offers,
        )
      : await vscode.window.showInformationMessage(
          connected ? `${done} It is connected to the local broker.` : done,
          ...offers,
        );
  if (choice === open) await runCommand('secureIot.openMonitor', { address });
}

/** Whether a client with this certificate came to the local broker since then; undefined without broker, or cancelled. */
async function connects(device: string, since: number, broker: LocalBroker): Promise<boolean | undefined> {
  if (!broker.running) return undefined;
  const isThere = () => broker.record.clients.some((client) => client.commonName === device && client.sinceMs >= since);
  return withProgress(
    `Waiting for "${device}" at the local broker`,
    ({ signal }) =>
      new Promise<boolean | undefined>((resolve) => {
        const finish = (answer: boolean | undefined) => {
          clearTimeout(timer);
          listener.dispose();
          signal.removeEventListener('abort', cancel);
          resolve(answer);
        };
        const cancel = () => finish(undefined);
        const timer = setTimeout(() => finish(false), CONNECT_DEADLINE_MS);
        const listener = broker.onDidChange(() => {
          if (isThere()) finish(true);
        });
        signal.addEventListener('abort', cancel);
        if (isThere()) finish(true);
      }),
  );
}
