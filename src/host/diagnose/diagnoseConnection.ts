// Diagnose Connection…: project, replay, verdict; then its fix, the check that it worked, and the way on.
import * as vscode from 'vscode';
import type { Finding } from '../../core/decode/finding';
import { boardSaid } from '../../core/diagnose/boardSaid';
import { markdownReport } from '../../core/diagnose/report';
import { type TlsStackId, tlsStacks } from '../../core/diagnose/tlsStack';
import type { ProposedFix, Verdict } from '../../core/diagnose/verdict';
import { CancelledError, UserError } from '../../core/errors';
import { type DiagnosisResult, diagnoseConnection } from '../../io/diagnose/connectionDiagnosis';
import type { AuthorityPassphrase } from '../certificates/authorityPassphrase';
import { type CommandRegistrar, readSetting, runCommand } from '../commands';
import { withProgress } from '../progress';
import { showMarkdown } from '../showMarkdown';
import { applyFix } from './applyFix';
import { type ChosenProject, chooseProject } from './chooseProject';
import type { DiagnosisDocuments } from './diagnosisDocuments';
import type { LocalBrokerView } from './register';
import { saveProject } from './saveProject';

/** What the command takes as its argument; what is given is not asked for. */
export interface DiagnoseOptions {
  /** Project folder, absolute or relative to the workspace folder. */
  readonly folder?: string;
  readonly host?: string;
  readonly port?: number;
  readonly stack?: TlsStackId;
  /** Applies the first fix without asking, unless it has to be confirmed. */
  readonly applyFix?: boolean;
  /** For fixes that issue certificates. */
  readonly passphrase?: string;
  readonly device?: string;
  /** What the board printed: the monitor's link hands it over, and the report holds it against the verdict. */
  readonly finding?: Finding;
}

export interface DiagnoseServices {
  readonly documents: DiagnosisDocuments;
  readonly passphrases: AuthorityPassphrase;
  readonly localBroker: LocalBrokerView;
  readonly commands: CommandRegistrar;
}

const APPLY = 'Apply Fix';
const EVIDENCE = 'Show Evidence';
const FLASH = 'Flash Board';

/** Returns the last verdict's cause once it is known; the notification lives on by itself. */
export async function diagnoseConnectionCommand(
  services: DiagnoseServices,
  options: DiagnoseOptions,
): Promise<Verdict['cause']> {
  const project = await chooseProject(options.folder);
  let result = await run(services, project, options);
  if (options.applyFix) {
    const [fix] = actionable(result);
    if (fix) {
      const done = await applyFix(fix, fixContext(services, project, result, options));
      result = await run(services, project, options);
      void reported(services, tellDone(services, project, result, options, done));
      return result.diagnosis.verdict.cause;
    }
  }
  void reported(services, tell(services, project, result, options));
  return result.diagnosis.verdict.cause;
}

/** The notification outlives the command: its errors are shown as the command's. */
async function reported(services: DiagnoseServices, work: Promise<void>): Promise<void> {
  await work.catch((error) => services.commands.report('secureIot.diagnoseConnection', error));
}

async function run(
  services: DiagnoseServices,
  project: ChosenProject,
  options: DiagnoseOptions,
): Promise<DiagnosisResult> {
  const host = options.host;
  const certificates = readSetting('secureIot.certificates.folder', project.workspace);
  const result = await withProgress(`Diagnosing the connection of ${project.name}`, async ({ signal }) => {
    await saveProject(project.folder);
    return diagnoseConnection(
      {
        folder: project.folder,
        base: project.workspace.uri.fsPath,
        certificates: [certificates],
        ...(host === undefined ? {} : { host }),
        ...(options.port === undefined ? {} : { port: options.port }),
        ...(options.stack === undefined ? {} : { stack: options.stack }),
        signal,
        own: services.localBroker.own,
      },
      Date.now(),
    );
  }).catch(async (error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'no-host') throw error;
    return run(services, project, { ...options, host: await askHost() });
  });
  const { broker, facts, diagnosis } = result;
  services.documents.update(
    project.name,
    markdownReport(diagnosis, {
      address: `${broker.host}:${broker.port}`,
      hostName: facts.hostName,
      project: project.name,
      stack: facts.stacks.map((id) => tlsStacks[id].label).join(' or '),
      ...(options.finding ? { boardSaid: boardSaid(options.finding, diagnosis.verdict) } : {}),
    }),
  );
  return result;
}

async function askHost(): Promise<string> {
  const host = await vscode.window.showInputBox({
    title: 'Diagnose Connection: broker host',
    prompt: 'No broker host was found in the sources. The name or address that the board connects to.',
    value: 'localhost',
    ignoreFocusOut: true,
  });
  if (!host) throw new CancelledError();
  return host.trim();
}

function actionable({ diagnosis }: DiagnosisResult): ProposedFix[] {
  return diagnosis.verdict.fixes.filter(({ kind }) => kind !== 'advice');
}

function fixContext(
  { passphrases, localBroker }: DiagnoseServices,
  { folder }: ChosenProject,
  result: DiagnosisResult,
  { passphrase, device }: DiagnoseOptions,
) {
  return {
    folder,
    result,
    passphrases,
    localBroker,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(device === undefined ? {} : { device }),
  };
}

/** The verdict as a notification; goes on until its fix worked or the reader leaves it. */
async function tell(
  services: DiagnoseServices,
  project: ChosenProject,
  result: DiagnosisResult,
  options: DiagnoseOptions,
): Promise<void> {
  const { verdict } = result.diagnosis;
  const fixes = actionable(result);
  const fine = verdict.cause === 'nothing-wrong-from-here';
  const buttons = fine ? [FLASH, EVIDENCE] : [...(fixes.length > 0 ? [APPLY] : []), EVIDENCE];
  // VS Code hides a warning after some seconds; an error with buttons stays until it is answered.
  const show = fine ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
  for (;;) {
    const choice = await show(message(verdict, fixes), ...buttons);
    if (choice === EVIDENCE) {
      await showEvidence(services, project);
      continue;
    }
    if (choice === FLASH) await runCommand('secureIot.flashBoard');
    if (choice !== APPLY) return;
    const done = await applyFix(await chooseFix(fixes), fixContext(services, project, result, options));
    return tellDone(services, project, await run(services, project, options), options, done);
  }
}

/** After a fix: what the board would see now. */
async function tellDone(
  services: DiagnoseServices,
  project: ChosenProject,
  result: DiagnosisResult,
  options: DiagnoseOptions,
  done: string,
): Promise<void> {
  if (result.diagnosis.verdict.cause !== 'nothing-wrong-from-here') {
    void vscode.window.showInformationMessage(done);
    return tell(services, project, result, options);
  }
  for (;;) {
    const choice = await vscode.window.showInformationMessage(
      `${done} Checked again: with these files the connection works from here. Build the sketch and flash it.`,
      FLASH,
      EVIDENCE,
    );
    if (choice === EVIDENCE) {
      await showEvidence(services, project);
      continue;
    }
    if (choice === FLASH) await runCommand('secureIot.flashBoard');
    return;
  }
}

function message({ title, remaining, cause }: Verdict, fixes: readonly ProposedFix[]): string {
  if (cause === 'nothing-wrong-from-here') return `${title} ${remaining[0] ?? ''}`;
  const [fix] = fixes;
  return fix ? `${title} Fix: ${fix.title}.` : title;
}

async function showEvidence({ documents }: DiagnoseServices, { name }: ChosenProject): Promise<void> {
  await showMarkdown(documents.uriOf(name));
}

async function chooseFix(fixes: readonly ProposedFix[]): Promise<ProposedFix> {
  const [first, ...more] = fixes;
  if (!first) throw new Error('no fix to choose');
  if (more.length === 0) return first;
  const choice = await vscode.window.showQuickPick(
    fixes.map((fix) => ({ label: fix.title, fix })),
    { title: 'Diagnose Connection: choose a fix', placeHolder: 'The first one is the nearest' },
  );
  if (!choice) throw new CancelledError();
  return choice.fix;
}
