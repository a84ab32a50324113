// Which sketch is meant: the one asked for, the only one, the one being edited first.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { findProjects } from '../../io/diagnose/projectFiles';

export interface ChosenProject {
  readonly folder: string;
  /** Relative to the workspace folder, for people. */
  readonly name: string;
  readonly workspace: vscode.WorkspaceFolder;
}

/** Projects for which a command has nothing to do. They are not offered. */
export interface DoneProjects {
  isDone(folder: string): Promise<boolean>;
  /** Told where several are left and all are done; a single one says itself why. */
  readonly all: string;
}

/** `task` names the command that asks. */
export async function chooseProject(
  folder: string | undefined,
  task = 'Diagnose Connection',
  done?: DoneProjects,
): Promise<ChosenProject> {
  const workspaces = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const [first] = workspaces;
  if (!first) {
    throw new UserError('no-folder', 'Open the folder of your sketch first.', {
      title: 'Open Folder',
      command: 'vscode.openFolder',
    });
  }
  if (folder !== undefined) {
    const full = path.resolve(first.uri.fsPath, folder);
    return chosen(vscode.workspace.getWorkspaceFolder(vscode.Uri.file(full)) ?? first, full);
  }
  const found: ChosenProject[] = [];
  for (const workspace of workspaces) {
    for (const project of await findProjects(workspace.uri.fsPath)) found.push(chosen(workspace, project));
  }
  const [only, ...more] = edited(await withoutDone(found, done));
  if (!only) {
    throw new UserError(
      'no-project',
      'There is no sketch in this workspace (no .ino, platformio.ini, sdkconfig or secure-iot.json).',
      { title: 'New Secure Sketch…', command: 'secureIot.newSketch' },
    );
  }
  if (more.length === 0) return only;
  const choice = await vscode.window.showQuickPick(
    [only, ...more].map((project) => ({ label: project.name, description: project.workspace.name, project })),
    { title: `${task}: which sketch?`, placeHolder: 'The sketch that runs on the board' },
  );
  if (!choice) throw new CancelledError();
  return choice.project;
}

async function withoutDone(found: readonly ChosenProject[], done: DoneProjects | undefined): Promise<ChosenProject[]> {
  if (!done || found.length < 2) return [...found];
  const isDone = await Promise.all(found.map(({ folder }) => done.isDone(folder)));
  if (!isDone.includes(false)) throw new UserError('nothing-to-do', done.all);
  return found.filter((_project, i) => !isDone[i]);
}

function chosen(workspace: vscode.WorkspaceFolder, folder: string): ChosenProject {
  return { folder, name: path.relative(workspace.uri.fsPath, folder) || path.basename(folder), workspace };
}

/** The project of the file in the editor comes first. */
function edited(projects: readonly ChosenProject[]): ChosenProject[] {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath ?? '';
  const has = ({ folder }: ChosenProject): number => (file.startsWith(folder + path.sep) ? 0 : 1);
  return [...projects].sort((a, b) => has(a) - has(b));
}
