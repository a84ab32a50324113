// `--edits` and `--apply` of `decode` and `explain`: the changes of a project that cure what was found.
import { resolve } from 'node:path';
import type { Finding } from '../core/decode/finding';
import { filesAfter, type RepairOffer, RepairRequests } from '../core/repair/repairOffers';
import { CliUsageError } from './arguments';
import { shownEdits } from './shownEdits';

export const editOptions = {
  edits: { type: 'boolean' },
  apply: { type: 'string' },
} as const;

interface EditValues {
  readonly edits?: boolean | undefined;
  readonly apply?: string | undefined;
  readonly project?: string | undefined;
}

/** Undefined where neither option was given. */
export class ProposedEdits {
  private readonly requests = new RepairRequests();

  private constructor(
    private readonly folder: string,
    private readonly apply: string | undefined,
  ) {}

  static of({ edits, apply, project }: EditValues): ProposedEdits | undefined {
    if (!edits && apply === undefined) return undefined;
    if (apply !== undefined && !/^(?:all|\d+(?:,\d+)*)$/.test(apply))
      throw new CliUsageError('--apply takes numbers of the list that --edits prints, such as 1 or 1,3, or all.');
    return new ProposedEdits(resolve(project ?? '.'), apply);
  }

  take(finding: Finding): void {
    this.requests.take(finding);
  }

  /** The list, as text; with `--apply` it writes, and says which files. */
  async end(): Promise<string> {
    const { readRepairProject, writeRepaired } = await import('../io/decode/repairProject');
    const project = await readRepairProject(this.folder);
    const offers = this.requests.offers(project);
    if (this.apply === undefined) {
      const parts = offers.map(
        (offer, i) => `${i + 1}. ${offer.title}.\n   ${offer.advice}\n${shownEdits(project.files, offer.edits)}`,
      );
      process.stderr.write(
        offers.length > 0
          ? 'Nothing was written: add --apply NUMBER, or --apply all. Then build, and flash the board.\n'
          : `No change of the project in ${this.folder} is known that would mend this.\n`,
      );
      return parts.join('');
    }
    const chosen = this.choose(offers);
    const files = filesAfter(project, chosen);
    await writeRepaired(this.folder, files);
    for (const { title } of chosen) process.stderr.write(`${title}.\n`);
    process.stderr.write('Build the firmware, and flash the board.\n');
    return files.map(({ path }) => `${path}\n`).join('');
  }

  private choose(offers: readonly RepairOffer[]): readonly RepairOffer[] {
    const numbers = this.apply === 'all' ? offers.map((_, i) => i + 1) : (this.apply ?? '').split(',').map(Number);
    const chosen = numbers.map((number) => offers[number - 1]).filter((offer) => offer !== undefined);
    if (chosen.length === numbers.length && chosen.length > 0) return chosen;
    const known = offers.length > 0 ? `there are 1 to ${offers.length}` : 'there is none';
    throw new CliUsageError(`--apply ${this.apply}: no such edit, ${known}. --edits lists them.`);
  }
}
