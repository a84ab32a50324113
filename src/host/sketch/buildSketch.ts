// Build Firmware: the project's own tool as a VS Code task, with its errors in the Problems view.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { BuildPlan } from '../../io/buildPlan';
import { chooseProject } from '../diagnose/chooseProject';

/** As declared in contributions.ts. */
const TASK_TYPE = 'secure-iot';
const PROBLEM_MATCHER = '$secure-iot-compiler';

export async function buildFirmware({ folder }: { readonly folder?: string }): Promise<void> {
  const project = await chooseProject(folder, 'Build Firmware');
  const { planBuild } = await import('../../io/buildPlan');
  const task = toTask(await planBuild(project.folder), project.workspace, project.name);
  await vscode.tasks.executeTask(task);
}

export async function provideTasks(): Promise<vscode.Task[]> {
  const { findProjects } = await import('../../io/projectFiles');
  const tasks: vscode.Task[] = [];
  for (const workspace of vscode.workspace.workspaceFolders ?? []) {
    if (workspace.uri.scheme !== 'file') continue;
    for (const folder of await findProjects(workspace.uri.fsPath)) {
      const task = await tryTask(folder, workspace);
      if (task) tasks.push(task);
    }
  }
  return tasks;
}

export async function resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
  const project: unknown = task.definition['project'];
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (typeof project !== 'string' || !workspace) return undefined;
  return tryTask(path.resolve(workspace.uri.fsPath, project), workspace);
}

/** A project whose tool is not installed gives no task; the command says what is missing. */
async function tryTask(folder: string, workspace: vscode.WorkspaceFolder): Promise<vscode.Task | undefined> {
  const { planBuild } = await import('../../io/buildPlan');
  const { UserError } = await import('../../core/errors');
  try {
    return toTask(await planBuild(folder), workspace, path.relative(workspace.uri.fsPath, folder) || '.');
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function toTask(plan: BuildPlan, workspace: vscode.WorkspaceFolder, project: string): vscode.Task {
  const run = new vscode.ProcessExecution(plan.program, [...plan.args], { cwd: plan.folder });
  const definition = { type: TASK_TYPE, project };
  const task = new vscode.Task(definition, workspace, `build ${project}`, plan.title, run, PROBLEM_MATCHER);
  task.group = vscode.TaskGroup.Build;
  return task;
}
