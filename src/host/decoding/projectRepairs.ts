// Which fixes of an error are edits here: those that fit a project of the workspace.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Finding, Fix } from '../../core/decode/finding';
import type { RepairPlan, RepairProject } from '../../core/repair/planRepair';
import type { Repair } from '../../core/repair/repair';

/** A project that a repair fits, and what it would do there. */
export interface FittingProject {
  readonly folder: string;
  /** Relative to the workspace folder, for people. */
  readonly name: string;
  readonly project: RepairProject;
  readonly plan: RepairPlan;
}

/** Opening one error of the view after another reads the projects once. */
const GOOD_FOR_MS = 5000;
/** More projects than these are not asked for what they need. */
const MOST_PROJECTS = 10;

type Read = Omit<FittingProject, 'plan'>;

export class ProjectRepairs {
  private read:
    | { readonly key: string; readonly atMs: number; readonly projects: Promise<readonly Read[]> }
    | undefined;

  /** What the fix would do, for a button; undefined where it is no edit, or fits no project. */
  async title({ repairs }: Fix): Promise<string | undefined> {
    if (!repairs) return undefined;
    const fitting = await this.fitting(repairs);
    const [first, ...more] = fitting;
    if (!first) return undefined;
    return more.length > 0
      ? `${first.plan.title}, or in ${more.map(({ name }) => name).join(' or ')}`
      : first.plan.title;
  }

  /** The titles of all fixes of a finding that are edits here. */
  async titles({ explanation }: Finding): Promise<ReadonlyMap<Fix, string>> {
    const titles = new Map<Fix, string>();
    for (const fix of explanation.fixes) {
      const title = await this.title(fix);
      if (title !== undefined) titles.set(fix, title);
    }
    return titles;
  }

  /** The project of the file in the editor comes first. `anew`: as the files are now. */
  async fitting(repairs: readonly Repair[], anew = false): Promise<FittingProject[]> {
    if (!vscode.workspace.isTrusted) return [];
    const { planRepair } = await import('../../core/repair/planRepair');
    const projects = await this.projects(anew);
    return projects.flatMap((one) => {
      const plan = planRepair(repairs, one.project);
      return plan ? [{ ...one, plan }] : [];
    });
  }

  private projects(anew: boolean): Promise<readonly Read[]> {
    const roots = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const edited = vscode.window.activeTextEditor?.document.uri.fsPath ?? '';
    const key = [edited, ...roots].join('\n');
    if (anew || this.read?.key !== key || Date.now() - this.read.atMs > GOOD_FOR_MS)
      this.read = { key, atMs: Date.now(), projects: readProjects(roots, edited) };
    return this.read.projects;
  }
}

async function readProjects(roots: readonly string[], edited: string): Promise<readonly Read[]> {
  const { findProjects } = await import('../../io/diagnose/projectFiles');
  const { readRepairProject } = await import('../../io/decode/repairProject');
  const found: { readonly folder: string; readonly name: string }[] = [];
  for (const root of roots)
    for (const folder of await findProjects(root))
      found.push({ folder, name: path.relative(root, folder) || path.basename(folder) });
  const later = ({ folder }: { readonly folder: string }): number => (edited.startsWith(folder + path.sep) ? 0 : 1);
  const nearest = found.sort((a, b) => later(a) - later(b)).slice(0, MOST_PROJECTS);
  const read = nearest.map(async (one) => {
    // A project that cannot be read offers nothing; whoever asks for it by name is told why elsewhere.
    const project = await readRepairProject(one.folder).catch(() => undefined);
    return project ? [{ ...one, project }] : [];
  });
  return (await Promise.all(read)).flat();
}
