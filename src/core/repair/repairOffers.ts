// The edits that decoded errors propose for one project: each once, though a log asks for it a thousand times.

import type { Finding, Fix } from '../decode/finding';
import { applyEdits } from '../diagnose/applyEdits';
import type { SourceFile } from '../diagnose/sourceSymbols';
import { planRepair, type RepairPlan, type RepairProject } from './planRepair';
import type { Repair } from './repair';

export interface RepairOffer extends RepairPlan {
  readonly repairs: readonly Repair[];
  /** The advice it carries out. */
  readonly advice: string;
  /** The first error that asks for it. */
  readonly finding: Finding;
}

/** A log may hold any number of different texts. */
const MOST = 200;

/** Gathers what findings ask for; cheap for findings that were seen before. */
export class RepairRequests {
  private readonly seen = new Set<string>();
  private readonly asked = new Map<string, { readonly fix: Fix; readonly finding: Finding }>();

  take(finding: Finding): void {
    const kind = `${finding.family}\n${finding.code}\n${finding.name}\n${finding.text}`;
    if (this.seen.has(kind) || this.seen.size >= MOST) return;
    this.seen.add(kind);
    for (const fix of finding.explanation.fixes) {
      const key = JSON.stringify(fix.repairs ?? []);
      if (fix.repairs && !this.asked.has(key)) this.asked.set(key, { fix, finding });
    }
  }

  /** Those that fit the project, in the order they were asked for. */
  offers(project: RepairProject): RepairOffer[] {
    return [...this.asked.values()].flatMap(({ fix, finding }) => offerOf(fix, finding, project));
  }
}

/** At most one: of a fix that is no edit, or does not fit here, none. */
export function offerOf(fix: Fix, finding: Finding, project: RepairProject): RepairOffer[] {
  const plan = fix.repairs && planRepair(fix.repairs, project);
  return plan && fix.repairs ? [{ ...plan, repairs: fix.repairs, advice: fix.text, finding }] : [];
}

/** The files that change, with all of `offers` made one after the other: each is planned on what the others left. */
export function filesAfter(project: RepairProject, offers: readonly RepairOffer[]): SourceFile[] {
  let files = project.files;
  const changed = new Set<string>();
  for (const { repairs } of offers) {
    const plan = planRepair(repairs, { ...project, files });
    if (!plan) continue; // another one did the same already
    const written = applyEdits(files, plan.edits);
    for (const { path } of written) changed.add(path);
    files = [...files.filter(({ path }) => !written.some((file) => file.path === path)), ...written];
  }
  return files.filter(({ path }) => changed.has(path));
}
