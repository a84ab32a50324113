// Build Firmware: the project's own tool as a VS Code task, with its errors in the Problems view.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { chooseProject } from '../diagnose/chooseProject';
import { BuildTerminal } from './buildTerminal';

/** As declared in contributions/tasks.ts. */
const TASK_TYPE = 'secure-iot';
const PROBLEM_MATCHER = '$secure-iot-compiler';

/** Throws UserError `no-project` or `build-tool-missing` before there is a task. */
export async function buildFirmware({ folder }: { readonly folder?: string }): Promise<void> {
  const project = await chooseProject(folder, 'Build Firmware');
  const { planBuild } = await import('../../io/sketch/buildPlan');
  await planBuild(project.folder);
  await vscode.tasks.executeTask(toTask(project.folder, project.workspace));
}

/** One for each project whose tool is installed. */
export async function provideTasks(): Promise<vscode.Task[]> {
  const { findProjects } = await import('../../io/diagnose/projectFiles');
  const { planBuild } = await import('../../io/sketch/buildPlan');
  const tasks: vscode.Task[] = [];
  for (const workspace of vscode.workspace.workspaceFolders ?? []) {
    if (workspace.uri.scheme !== 'file') continue;
    for (const folder of await findProjects(workspace.uri.fsPath)) {
      const ready = await planBuild(folder).then(
        () => true,
        () => false,
      );
      if (ready) tasks.push(toTask(folder, workspace));
    }
  }
  return tasks;
}

/** A task of tasks.json. What is missing is said in its terminal when it runs. */
export function resolveTask(task: vscode.Task): vscode.Task | undefined {
  const project: unknown = task.definition['project'];
  const workspace = isFolder(task.scope) ? task.scope : vscode.workspace.workspaceFolders?.[0];
  if (typeof project !== 'string' || workspace?.uri.scheme !== 'file') return undefined;
  return toTask(path.resolve(workspace.uri.fsPath, project), workspace, task.definition);
}

function isFolder(scope: vscode.Task['scope']): scope is vscode.WorkspaceFolder {
  return typeof scope === 'object';
}

/** VS Code compares the definition: one that was given is handed back as it is. */
function toTask(folder: string, workspace: vscode.WorkspaceFolder, given?: vscode.TaskDefinition): vscode.Task {
  const project = path.relative(workspace.uri.fsPath, folder) || '.';
  const run = new vscode.CustomExecution(async () => new BuildTerminal(folder));
  const definition = given ?? { type: TASK_TYPE, project };
  const task = new vscode.Task(definition, workspace, `build ${project}`, 'secure-iot', run, PROBLEM_MATCHER);
  task.group = vscode.TaskGroup.Build;
  return task;
}
