// Makes the edit that mends a decoded error: shown first, saved, undoable; then the way on to the board.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { Repair } from '../../core/repair/repair';
import { runCommand } from '../commands';
import { saveProject } from '../diagnose/saveProject';
import { writeEdits } from '../diagnose/writeEdits';
import type { FittingProject, ProjectRepairs } from './projectRepairs';

/** What buttons and links hand over. `review: false` makes the edit at once; for tests and for who asks for it. */
export interface ErrorFixOptions {
  readonly repairs: readonly Repair[];
  readonly review?: boolean;
}

const BUILD = 'Build Firmware';
const FLASH = 'Flash Board';

export async function applyErrorFix(repairs: ProjectRepairs, options: ErrorFixOptions): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) await saveProject(uri.fsPath);
  const fitting = await repairs.fitting(options.repairs, true);
  const { folder, project, plan } = await choose(fitting);
  await writeEdits(folder, project.files, plan.edits, options.review === false ? undefined : plan.title);
  void goOn(plan.title, folder);
}

async function choose(fitting: readonly FittingProject[]): Promise<FittingProject> {
  const [first, ...more] = fitting;
  if (!first) {
    throw new UserError(
      'nothing-to-change',
      'No project in this workspace needs this change: it is made already, or the place for it was not found.',
    );
  }
  if (more.length === 0) return first;
  const rows = fitting.map((one) => ({ label: one.name, description: one.plan.title, one }));
  const choice = await vscode.window.showQuickPick(rows, {
    title: 'Apply the Fix of an Error: which project?',
    placeHolder: 'The one that runs on the board',
  });
  if (!choice) throw new CancelledError();
  return choice.one;
}

/** The notification outlives the command. */
async function goOn(done: string, folder: string): Promise<void> {
  const text = `Done: ${done}. Build the firmware and flash it, then see whether the error is gone.`;
  const choice = await vscode.window.showInformationMessage(text, BUILD, FLASH);
  if (choice === BUILD) await runCommand('secureIot.buildFirmware', { folder });
  if (choice === FLASH) await runCommand('secureIot.flashBoard');
}
