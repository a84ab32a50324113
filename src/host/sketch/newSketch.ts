// New Secure Sketch…: asks what the template needs, with answers ready, and shows what was made.

import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { proposeHost } from '../../core/firmware/brokerName';
import { FRAMEWORKS, type Framework } from '../../core/firmware/template';
import type { NewSketch, PreparedSketch } from '../../io/sketch/sketchProject';
import { readSetting } from '../commands';
import { type Answers, askInTurn, type Step } from './guidedFlow';
import { confirmFiles } from './previewFiles';
import { sketchQuestions } from './sketchQuestions';

/** Every answer given here is not asked for. With this object only template, device, host, port and folder are asked. */
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

const TITLE = 'New Secure Sketch';
/** What is asked of a caller that gives options. */
const ESSENTIAL = new Set(['template', 'device', 'host', 'port', 'out']);

export async function newSketch(templateFolder: string, options: NewSketchOptions | undefined): Promise<string> {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') {
    throw new UserError('no-folder', 'Open a folder first: the sketch and its certificates live in it.', {
      title: 'Open Folder',
      command: 'vscode.openFolder',
    });
  }
  const io = {
    ...(await import('../../io/sketch/templateFolder')),
    ...(await import('../../io/pki/identityFiles')),
    ...(await import('../../io/sketch/sketchProject')),
  };
  const root = workspace.uri.fsPath;
  const certificates = path.resolve(root, readSetting('secureIot.certificates.folder', workspace));
  const templates = await io.loadTemplates(templateFolder);
  const given = givenAnswers(options);
  if (options?.template !== undefined) io.pickTemplate(templates, options.template); // throws for an unknown one
  const host = proposeHost(await io.readBrokerNames(certificates)) ?? '';
  const sources = {
    ...{ root, templates, host },
    shownCertificates: vscode.workspace.asRelativePath(certificates),
    devices: await io.listDevices(certificates),
  };

  const requestOf = (answers: Answers): NewSketch => {
    const { template: id = '', framework, board, out = '', ...values } = { ...Object.fromEntries(answers), ...given };
    const template = io.pickTemplate(templates, id);
    const first = FRAMEWORKS.find((name) => template.frameworks[name]) ?? 'arduino';
    const target = { framework: (framework as Framework | undefined) ?? first, board, out: path.resolve(root, out) };
    return { templates: templateFolder, template, ...target, root, values, certificates };
  };
  let prepared: PreparedSketch | undefined;
  const answers = await askInTurn(TITLE, (answered) => {
    const known = new Map([...answered, ...Object.entries(given)]);
    const questions = sketchQuestions(sources, known).filter(({ id }) => !(id in given));
    if (options) return questions.filter(({ id }) => ESSENTIAL.has(id));
    const files = {
      id: 'files',
      ask: async (step: Step) => {
        const request = requestOf(answered);
        prepared = await io.prepareSketch(request, Date.now());
        return confirmFiles(step, path.basename(request.out), prepared);
      },
    };
    return [...questions, files];
  });
  const { files: _confirmed, ...asked } = Object.fromEntries(answers);
  const request = requestOf(new Map(Object.entries(asked)));
  const made = prepared ?? (await io.prepareSketch(request, Date.now()));
  const open = await io.writePrepared(request, made);
  await vscode.window.showTextDocument(vscode.Uri.file(open), { preview: false });
  for (const warning of made.warnings) void vscode.window.showWarningMessage(warning);
  void tellNext(open, request.out);
  return request.out;
}

function givenAnswers(options: NewSketchOptions = {}): Readonly<Record<string, string>> {
  const { template, out, host, port, device, board, framework } = options;
  const all = { template, out, host, port, device, board, framework };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
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
