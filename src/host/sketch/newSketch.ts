// New Secure Sketch…: asks what the template needs, with answers ready, and shows what was made.

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { proposeHost } from '../../core/firmware/brokerName';
import { boardsOf } from '../../core/firmware/sketchPlan';
import { FRAMEWORKS, type Template } from '../../core/firmware/template';
import type { Slot } from '../../core/firmware/templateParts';
import { readSetting } from '../commands';
import { confirmFiles } from './previewFiles';
import { ask, pick } from './prompts';
import { askTimeZone } from './timeZonePrompt';

/** Every answer given here is not asked for. With this object board, framework and files are never asked about. */
export interface NewSketchOptions {
  readonly template?: string;
  /** Project folder, absolute or relative to the workspace folder. */
  readonly out?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly device?: string;
  readonly board?: string;
  readonly framework?: string;
}

export async function newSketch(templateFolder: string, options: NewSketchOptions | undefined): Promise<string> {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') {
    throw new UserError('no-folder', 'Open a folder first: the sketch and its certificates live in it.', {
      title: 'Open Folder',
      command: 'vscode.openFolder',
    });
  }
  const io = {
    ...(await import('../../io/templateFolder')),
    ...(await import('../../io/identityFiles')),
    ...(await import('../../io/sketchProject')),
  };
  const root = workspace.uri.fsPath;
  const certificates = path.resolve(root, readSetting('secureIot.certificates.folder', workspace));
  const templates = await io.loadTemplates(templateFolder);
  const template = options?.template
    ? io.pickTemplate(templates, options.template)
    : await pick('New Secure Sketch: template', templates, (t) => ({ label: t.title, detail: t.description }));
  const { board, framework } = await chooseTarget(template, options);

  const values: Record<string, string> = {};
  for (const slot of template.slots) {
    if (slot.from) continue; // read from the certificates folder, or made
    const given = answerOf(slot, options);
    if (given !== undefined) values[slot.name] = given;
    else if (slot.kind === 'deviceId') values[slot.name] = await chooseDevice(template, slot, certificates);
    else if (slot.kind === 'timeZone' && !options) values[slot.name] = await askTimeZone(slot);
    else if (slot.name === 'host') {
      values['host'] = await ask(slot, proposeHost(await io.readBrokerNames(certificates)) ?? '');
    } else if (slot.name === 'port' || (slot.default === undefined && !slot.optional)) {
      values[slot.name] = await ask(slot, slot.default ?? '');
    }
  }
  const device = values['device'] ?? 'sketch';
  const out = path.resolve(root, options?.out ?? (await askFolder(root, device)));
  const request = { templates: templateFolder, template, framework, board, out, values, certificates };
  const prepared = await io.prepareSketch(request, Date.now());
  if (!options) await confirmFiles(path.basename(out), prepared.plan.files);
  const open = await io.writePrepared(request, prepared);
  await vscode.window.showTextDocument(vscode.Uri.file(open), { preview: false });
  for (const warning of prepared.warnings) void vscode.window.showWarningMessage(warning);
  void tellNext(open, out);
  return out;
}

function answerOf(slot: Slot, options: NewSketchOptions | undefined): string | undefined {
  if (slot.name !== 'host' && slot.name !== 'port' && slot.name !== 'device') return undefined;
  const value = options?.[slot.name];
  return value === undefined ? undefined : String(value);
}

async function chooseTarget(template: Template, options: NewSketchOptions | undefined) {
  const frameworks = FRAMEWORKS.filter((name) => template.frameworks[name]);
  const titles = { arduino: 'Arduino sketch', platformio: 'PlatformIO project', 'esp-idf': 'ESP-IDF project' };
  const wanted = frameworks.find((name) => name === options?.framework);
  const framework =
    wanted ??
    (options || frameworks.length === 1
      ? frameworks[0]
      : await pick('New Secure Sketch: framework', frameworks, (name) => ({ label: titles[name] })));
  if (!framework) throw new Error(`${template.id} has no framework`);
  const boards = boardsOf(template, framework);
  const board =
    options || boards.length === 1
      ? options?.board
      : (await pick('New Secure Sketch: board', boards, ({ title }) => ({ label: title }))).id;
  return { board, framework };
}

async function chooseDevice(template: Template, slot: Slot, certificates: string): Promise<string> {
  if (!template.slots.some((other) => other.from === 'device')) return ask(slot, 'device-1');
  const { listDevices } = await import('../../io/identityFiles');
  const devices = await listDevices(certificates);
  if (devices.length === 0) {
    throw new UserError(
      'certificate-missing',
      `There is no device certificate in ${certificates} yet. Make one first.`,
      {
        title: 'Generate Certificates',
        command: 'secureIot.generateCertificates',
      },
    );
  }
  return pick('New Secure Sketch: device', devices, (name) => ({ label: name }));
}

async function askFolder(root: string, device: string): Promise<string> {
  const base =
    device
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'sketch';
  let name = base;
  for (let n = 2; existsSync(path.join(root, name)); n++) name = `${base}-${n}`;
  const value = await vscode.window.showInputBox({
    title: 'New Secure Sketch: folder',
    prompt: 'Relative to the workspace folder. It must not exist yet, or be empty.',
    value: name,
    ignoreFocusOut: true,
  });
  if (!value) throw new CancelledError();
  return value;
}

/** What is left to do by hand: the Wi-Fi. */
async function tellNext(open: string, out: string): Promise<void> {
  const secrets = path.join(path.dirname(open), 'secrets.h');
  const action = 'Open secrets.h';
  const choice = await vscode.window.showInformationMessage(
    `Secure sketch made in ${path.basename(out)}. Fill in your Wi-Fi in secrets.h (git-ignored), then flash it.`,
    ...(existsSync(secrets) ? [action] : []),
  );
  if (choice === action) await vscode.window.showTextDocument(vscode.Uri.file(secrets));
}
