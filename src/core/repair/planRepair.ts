// A repair and a project -> the edits that make it there, or nothing where it does not fit or is made already.
import type { ProjectFacts } from '../diagnose/projectFacts';
import { type SourceFile, SourceSymbols } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import { flashSizeEdits, talkativeCoreEdits } from './platformio';
import { raiseCall, raiseMember } from './raiseInSource';
import type { Repair } from './repair';
import { knowsOption, readOption, setOptions } from './sdkconfig';
import { moreStack } from './taskStack';

/** What repairs are planned on. */
export interface RepairProject {
  /** Paths relative to the project's folder. */
  readonly files: readonly SourceFile[];
  readonly stack: ProjectFacts['stack'];
}

export interface RepairPlan {
  /** What is done, for a button: `Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 8192`. */
  readonly title: string;
  readonly edits: readonly FileEdit[];
}

const SOURCE = /\.(ino|c|cc|cpp|cxx|h|hpp|hh)$/i;

/** The first of `repairs` that fits: they are the same cure in different kinds of project. */
export function planRepair(repairs: readonly Repair[], project: RepairProject): RepairPlan | undefined {
  for (const repair of repairs) {
    const plan = planOne(repair, project);
    if (plan && plan.edits.length > 0) return { ...plan, title: `${plan.title} in ${fileNames(plan.edits)}` };
  }
  return undefined;
}

function planOne(repair: Repair, { files, stack }: RepairProject): RepairPlan | undefined {
  const isIdf = stack.framework === 'esp-idf';
  const symbols = () => new SourceSymbols(files.filter(({ path }) => SOURCE.test(path)));
  switch (repair.kind) {
    case 'sdkconfig': {
      const [first] = repair.options;
      const isOn = (name: string): boolean => readOption(files, name) === 'y';
      if (!isIdf || !first || !knowsOption(files, first.name) || repair.unless?.some(isOn)) return undefined;
      if (repair.onlyWith !== undefined && !isOn(repair.onlyWith)) return undefined;
      return { title: `Set ${first.name}=${first.value}`, edits: setOptions(files, repair.options) };
    }
    case 'sdkconfig-number': {
      const { name, byDefault, atLeast } = repair;
      const now = Number(readOption(files, name) ?? byDefault);
      if (!isIdf || !knowsOption(files, name) || !(now < atLeast)) return undefined;
      return raised(name, now, atLeast, setOptions(files, [{ name, value: String(atLeast) }]));
    }
    case 'task-stack':
      return moreStack(repair.task, files, symbols(), isIdf);
    case 'call':
      return raiseCall(repair, files, symbols());
    case 'member':
      return isIdf ? raiseMember(repair, files, symbols()) : undefined;
    case 'core-debug-level':
      return stack.framework === 'arduino' && !stack.candidates.includes('bearssl')
        ? { title: 'Set the core debug level to verbose', edits: talkativeCoreEdits(files) }
        : undefined;
    case 'platformio-flash-size':
      return { title: `Set the flash size to ${repair.size}`, edits: flashSizeEdits(files, repair.size) };
  }
}

export function raised(what: string, from: number, to: number, edits: readonly FileEdit[]): RepairPlan {
  return { title: `Raise ${what} from ${from} to ${to}`, edits };
}

function fileNames(edits: readonly FileEdit[]): string {
  const names = [...new Set(edits.map(({ file }) => file))];
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
