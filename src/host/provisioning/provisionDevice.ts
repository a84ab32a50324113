// Provision Device…: which board, which device's certificates; then NVS is read, merged, written and verified.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { progressText } from '../../core/firmware/flashProgress';
import type { PortOwnership } from '../../io/portOwnership';
import type { ProvisionResult } from '../../io/provisionBoard';
import { pickBoard } from '../boards/pickBoard';
import { signalOf } from '../cancellation';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { readSetting, runCommand } from '../commands';
import type { Log } from '../log';

/** Every answer given here is not asked for. */
export interface ProvisionOptions {
  readonly address?: string;
  readonly device?: string;
  readonly namespace?: string;
}

export interface ProvisionDependencies {
  readonly memory: vscode.Memento;
  readonly ports: PortOwnership;
  readonly log: Log;
}

/** What the firmware template "nvs" reads from. */
const NAMESPACE = 'tls';

export async function provisionDevice(
  { memory, ports, log }: ProvisionDependencies,
  options: ProvisionOptions,
): Promise<ProvisionResult> {
  const { readDeviceIdentity } = await import('../../io/identityFiles');
  const folder = certificatesFolder();
  const device = options.device ?? (await pickDevice(folder.path));
  const identity = await readDeviceIdentity(folder.path, device, Date.now());
  const board = await pickBoard(memory, 'Provision Device', options.address);
  const { provisionBoard } = await import('../../io/provisionBoard');
  const { openBoardPort } = await import('../../io/openPort');
  const watched = ports.ownerOf(board.address) !== undefined;
  const release = await ports.acquire(board.address, { name: 'provisioning' });
  let result: ProvisionResult;
  try {
    result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Provisioning ${device}`, cancellable: true },
      (progress, token) =>
        provisionBoard(
          () => openBoardPort(board.address, board.port),
          { identity, namespace: options.namespace ?? NAMESPACE },
          {
            baudRate: readSetting('secureIot.flash.baudRate'),
            signal: signalOf(token),
            leaveInLoader: watched,
            log: (line) => log.info(line),
            onProgress: (at) => progress.report({ message: progressText(at) }),
          },
        ),
    );
  } finally {
    await release();
  }
  void tell(device, board.address, watched, result);
  return result;
}

async function pickDevice(folder: string): Promise<string> {
  const { listDevices } = await import('../../io/identityFiles');
  const devices = await listDevices(folder);
  if (devices.length === 0)
    throw new UserError('no-device', `There is no device certificate with its key in ${folder}. Make one first.`, {
      title: 'Generate Certificates…',
      command: 'secureIot.generateCertificates',
    });
  const chosen = await vscode.window.showQuickPick(devices, {
    title: 'Provision Device',
    placeHolder: 'The device that the board becomes',
    ignoreFocusOut: true,
  });
  if (chosen === undefined) throw new CancelledError();
  return chosen;
}

async function tell(device: string, address: string, watched: boolean, result: ProvisionResult): Promise<void> {
  for (const warning of result.warnings) void vscode.window.showWarningMessage(warning);
  const { chip, mac, partition, kept } = result;
  const open = 'Open Serial Monitor';
  const choice = await vscode.window.showInformationMessage(
    `${chip} (${mac ?? 'MAC unknown'}) is now "${device}": CA, certificate and key are in its partition "${partition.label}", verified. ${kept} other entries were kept.`,
    ...(watched ? [] : [open]),
  );
  if (choice === open) await runCommand('secureIot.openMonitor', { address });
}
