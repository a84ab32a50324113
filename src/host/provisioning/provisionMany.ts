// Provision Many Boards…: which devices; then each board that is plugged in becomes the next of them.

import * as path from 'node:path';
import * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { CancelledError, UserError } from '../../core/errors';
import { progressText } from '../../core/firmware/flashProgress';
import type { QueueEvent, QueueRequest, QueueResult } from '../../io/provisioning/provisionQueue';
import type { PortOwnership } from '../../io/serial/portOwnership';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { readSetting, runCommand } from '../commands';
import type { Log } from '../log';
import { withProgress } from '../progress';

/** Every answer given here is not asked for. */
export interface ProvisionManyOptions {
  readonly devices?: readonly string[];
  readonly namespace?: string;
}

interface Dependencies {
  readonly ports: PortOwnership;
  readonly log: Log;
}

const TITLE = 'Provision Many Boards';

export async function provisionMany({ ports, log }: Dependencies, options: ProvisionManyOptions): Promise<QueueResult> {
  const folder = certificatesFolder().path;
  const { devices, settled } = options.devices ? { devices: options.devices, settled: [] } : await pickDevices(folder);
  const { watchArrivals } = await import('../../io/serial/boardArrivals');
  const { PROVISION_TARGETS } = await import('../../io/provisioning/identityWrite');
  const { runProvisionQueue } = await import('../../io/provisioning/provisionQueue');
  const target = PROVISION_TARGETS.find((one) => one === readSetting('secureIot.provisioning.target'));
  const arrivals = watchArrivals({ addresses: readSetting('secureIot.boards.addresses'), usb: true });
  const result = await withProgress(TITLE, ({ signal, report }) =>
    runProvisionQueue(
      arrivals,
      { folder, devices, settled, namespace: options.namespace ?? 'tls', target },
      {
        baudRate: readSetting('secureIot.flash.baudRate'),
        signal,
        log: (line) => log.info(line),
        take: (address) => ports.acquire(address, { name: 'provisioning' }),
        onProgress: (at) => report(progressText(at)),
        onEvent: (event) => {
          log.info(sentence(event));
          if (event.kind === 'waiting' || event.kind === 'working') report(sentence(event));
          else if (event.kind === 'failed') void vscode.window.showWarningMessage(sentence(event));
        },
      },
    ),
  );
  void tellEnd(folder, result);
  return result;
}

function sentence(event: QueueEvent): string {
  if (event.kind === 'waiting') return `plug in the board for "${event.next}" (${event.left} left)`;
  if (event.kind === 'working') return `${event.address} becomes "${event.device}"`;
  if (event.kind === 'known')
    return `${event.address} is "${event.device}" already (${event.mac}): plug in the next one.`;
  if (event.kind === 'failed') return `${event.device ? `"${event.device}" is not done. ` : ''}${event.error.message}`;
  return `${event.result.chip} (${event.result.mac}) is now "${event.device}", verified. ${event.result.warnings.join(' ')}`;
}

type Picked = Required<Pick<QueueRequest, 'devices' | 'settled'>>;

/** The boards of an earlier round may still be plugged in: their devices are `settled`. */
async function pickDevices(folder: string): Promise<Picked> {
  const { listDevices } = await import('../../io/pki/identityFiles');
  const { readBoards } = await import('../../io/provisioning/provisionLedger');
  const given = new Set([...(await readBoards(folder)).values()].map(({ device }) => device));
  const devices = (await listDevices(folder)).filter((device) => !given.has(device)).reverse();
  if (devices.length === 0)
    throw new UserError(
      'no-device',
      `Every device certificate in ${folder} is on a board already. Make more of them.`,
      {
        title: 'Generate Certificates…',
        command: 'secureIot.generateCertificates',
      },
    );
  const rows = devices.map((label) => ({ label, picked: true }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: TITLE,
    placeHolder: 'The devices without a board; boards get them in this order',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.length === 0) throw new CancelledError();
  return { devices: chosen.map(({ label }) => label), settled: [...given] };
}

async function tellEnd(folder: string, { done, left, interrupted }: QueueResult): Promise<void> {
  const open = 'Show List';
  const labels = 'Make Labels…';
  const kept = [...interrupted].map(
    ([mac, device]) =>
      ` "${device}" is kept for the board ${mac}, whose write was interrupted: plug that one in again.`,
  );
  const rest = left.length > 0 ? `; ${counted(left.length, 'device')} left: the same command goes on` : '';
  const text = `${counted(done.length, 'board')} provisioned${rest}.${kept.join('')}`;
  const buttons = done.length > 0 ? [labels, open] : [];
  const choice = await vscode.window.showInformationMessage(text, ...buttons);
  if (choice === labels) await runCommand('secureIot.makeLabels');
  if (choice === open) await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, 'provisioned.csv')));
}
