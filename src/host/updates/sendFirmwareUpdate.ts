// Send Firmware Update…: a signed update goes to one board over MQTT, and its answer is waited for.
import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { PROJECT_FILE } from '../../core/firmware/sketchPlan';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import type { SlotKind } from '../../core/firmware/templateParts';
import { findInWorkspace } from '../boards/pickFirmware';
import { openStore, pick } from '../certificates/certificateChoice';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { withProgress } from '../progress';
import { type FoundFile, pickUpdateFile } from './pickUpdateFile';

/** Every answer given here is not asked for. */
export interface SendUpdateOptions {
  /** The signed file, absolute. */
  readonly file?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly device?: string;
  /** Whose certificate sends it. */
  readonly as?: string;
  readonly topicPrefix?: string;
}

const TITLE = 'Send Firmware Update';

/** Resolves once the board restarts into the new firmware. */
export async function sendFirmwareUpdate(options: SendUpdateOptions): Promise<void> {
  const certificates = certificatesFolder().path;
  const file = options.file ?? (await pickSigned());
  const { readSignedUpdate } = await import('../../io/sketch/signUpdate');
  const { readProjectValues, readSender } = await import('../../io/sketch/updateSender');
  const { sendUpdate } = await import('../../io/sketch/sendUpdate');
  const update = await readSignedUpdate(file);
  const project = await readProjectValues(file);
  const host = options.host ?? (await ask('broker host', 'host', project['host']));
  const port = usablePort(options.port ?? project['port'] ?? (await ask('broker port', 'port', '8883')));
  const topicPrefix =
    options.topicPrefix ?? text(project['topicPrefix']) ?? (await ask('topic prefix', 'publishTopic', 'devices'));
  const device = options.device ?? (await pickDevice());
  const tls = await readSender(certificates, options.as ?? (await pickSender()));
  await withProgress(`${TITLE}: version ${update.version} to ${device}`, async ({ signal, report }) => {
    report('offering it');
    try {
      await sendUpdate(update, {
        session: { protocol: 'mqtts', host, port, tls },
        topicPrefix,
        device,
        signal,
        onProgress: (received, total) =>
          report(`${Math.floor(received / 1024)} of ${Math.ceil(total / 1024)} kB`, received / total),
      });
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      throw error;
    }
  });
  void vscode.window.showInformationMessage(
    `${device} has firmware version ${update.version}, checked it, and restarts into it.`,
  );
}

function usablePort(value: unknown): number {
  const problem = refuseSlotValue('port', String(value));
  if (!problem) return Number(value);
  throw new UserError('bad-port', `The broker's port is "${value}": ${problem}. The project's ${PROJECT_FILE} has it.`);
}

async function ask(what: string, kind: SlotKind, proposal: unknown): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: `${TITLE}: ${what}`,
    value: text(proposal) ?? '',
    ignoreFocusOut: true,
    validateInput: (typed) => (typed === '' ? `The ${what} is needed.` : refuseSlotValue(kind, typed)),
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Signed files stand beside the images that they were made of. */
async function pickSigned(): Promise<string> {
  const folders = new Set((await findInWorkspace()).flatMap(({ program }) => (program ? [path.dirname(program)] : [])));
  const found: FoundFile[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((one) => one.endsWith('.signed'))) {
      const file = path.join(folder, name);
      found.push({ path: file, description: 'Signed update', madeMs: (await stat(file)).mtimeMs });
    }
  }
  return pickUpdateFile(
    `${TITLE}: which update?`,
    found,
    'signed',
    'No signed update in this workspace. Run Sign Firmware Update… first.',
  );
}

async function pickDevice(): Promise<string> {
  const records = (await (await openStore()).list()).filter((r) => r.status === 'valid' && r.role === 'device');
  if (records.length === 0)
    throw new UserError('no-device', 'There is no device certificate here. The board is named by its certificate.', {
      title: 'Generate Certificates',
      command: 'secureIot.generateCertificates',
    });
  return (
    await pick(
      `${TITLE}: to which board?`,
      records.map(({ name }) => ({ label: name })),
    )
  ).label;
}

/** The certificate that the broker's access list lets write there; a device's own may not. */
async function pickSender(): Promise<string> {
  const records = (await (await openStore()).list()).filter((r) => r.status === 'valid');
  const senders = records.filter((r) => r.role === 'operator' || (r.role === 'device' && r.name === 'operator'));
  if (senders.length === 0)
    throw new UserError(
      'no-operator',
      'Updates are sent with a certificate of your own. The access list of the template lets one write that is called "operator".',
      { title: 'Issue Operator Certificate…', command: 'secureIot.issueOperator' },
    );
  const [only] = senders;
  if (senders.length === 1 && only) return only.name;
  return (
    await pick(
      `${TITLE}: as whom?`,
      senders.map(({ name, role }) => ({ label: name, description: role })),
    )
  ).label;
}
