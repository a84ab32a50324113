// Which lines of a topic tree are on the screen: a window of a flat list that follows what is expanded or searched.
import { mergeSorted } from './mergeSorted';
import { ROOT, type TopicTable } from './topicTable';

export interface RowPlace {
  /** In the table. */
  readonly row: number;
  /** From 1. */
  readonly depth: number;
  readonly position: number;
  readonly siblings: number;
  readonly expanded: boolean;
}

/** Levels below the root that open by themselves, while the list is shorter than AUTO_ROWS. */
const AUTO_DEPTH = 3;
const AUTO_ROWS = 200;
/** Deeper levels are not listed: a topic can have 65,536 of them, made to exhaust a stack. */
const MAX_DEPTH = 256;

const OPEN = 1;
const CLOSED = 2;
const MATCHES = 1;
const DIFFERS = 2;

/** A place in the list: row, position and whether it is expanded; the rest follows from the row. */
const WIDTH = 3;

export class TopicRows {
  /** By row: what the user chose, or whether it opened by itself when it was first listed. */
  private choices = new Uint8Array(0);
  private sorted = new Map<number, Int32Array>();
  private places = new Int32Array(WIDTH * 256);
  private length = 0;
  private stale = true;
  private matches: ((topic: string) => boolean) | undefined;
  /** By row: whether it matches. A topic never changes, so each is looked at once in a search. */
  private verdicts = new Uint8Array(0);

  constructor(private table: TopicTable) {}

  get total(): number {
    this.list();
    return this.length;
  }

  /** Starts over with another tree. */
  reset(table: TopicTable): void {
    this.table = table;
    this.choices = new Uint8Array(0);
    this.verdicts = new Uint8Array(0);
    this.sorted = new Map();
    this.changed();
  }

  /** Call when topics were added. */
  changed(): void {
    this.stale = true;
  }

  /** Only topics that match, with their parents; undefined shows all. */
  search(matches: ((topic: string) => boolean) | undefined): void {
    this.matches = matches;
    this.verdicts = new Uint8Array(0);
    this.changed();
  }

  expand(row: number, expanded: boolean): void {
    this.choose(row, expanded);
    this.changed();
  }

  /** All topics that there are now. */
  expandAll(expanded: boolean): void {
    for (let row = 1; row < this.table.size; row++) if (this.table.childCount(row) > 0) this.choose(row, expanded);
    this.changed();
  }

  window(start: number, count: number): readonly RowPlace[] {
    this.list();
    const found: RowPlace[] = [];
    for (let index = start; index < Math.min(this.length, start + count); index++) {
      const [row = ROOT, position = 0, expanded = 0] = this.places.subarray(index * WIDTH, index * WIDTH + WIDTH);
      const siblings = this.sorted.get(this.table.parent(row))?.length ?? position;
      found.push({ row, depth: this.table.depth(row), position, siblings, expanded: expanded === 1 });
    }
    return found;
  }

  private list(): void {
    if (!this.stale) return;
    this.stale = false;
    this.length = 0;
    this.choices = sizedTo(this.choices, this.table.size);
    if (this.matches) {
      this.verdicts = sizedTo(this.verdicts, this.table.size);
      this.flattenMatching(ROOT, 1, this.matches);
    } else this.flatten(ROOT, 1);
  }

  private flatten(parent: number, depth: number): void {
    const children = this.childrenOf(parent);
    for (let index = 0; index < children.length; index++) {
      const row = children[index] as number;
      const expanded = depth < MAX_DEPTH && this.table.childCount(row) > 0 && this.isExpanded(row, depth);
      this.push(row, index + 1, expanded);
      if (expanded) this.flatten(row, depth + 1);
    }
  }

  /** True when `parent` or something under it matches. Parents are added before their children and dropped if none do. */
  private flattenMatching(parent: number, depth: number, matches: (topic: string) => boolean): boolean {
    let any = false;
    const children = this.childrenOf(parent);
    for (let index = 0; index < children.length; index++) {
      const row = children[index] as number;
      const mark = this.length;
      const matching = this.isMatch(row, matches);
      const closed = matching && this.choices[row] === CLOSED;
      const expanded = depth < MAX_DEPTH && this.table.childCount(row) > 0 && !closed;
      this.push(row, index + 1, expanded);
      const below = expanded && this.flattenMatching(row, depth + 1, matches);
      if (below || matching) any = true;
      else this.length = mark;
    }
    return any;
  }

  private isMatch(row: number, matches: (topic: string) => boolean): boolean {
    if (this.verdicts[row] === 0) this.verdicts[row] = matches(this.table.path(row)) ? MATCHES : DIFFERS;
    return this.verdicts[row] === MATCHES;
  }

  private isExpanded(row: number, depth: number): boolean {
    const few = this.table.childCount(row) <= AUTO_ROWS / 4;
    if (this.choices[row] === 0) this.choose(row, few && depth <= AUTO_DEPTH && this.length < AUTO_ROWS);
    return this.choices[row] === OPEN;
  }

  private choose(row: number, expanded: boolean): void {
    this.choices = sizedTo(this.choices, this.table.size);
    this.choices[row] = expanded ? OPEN : CLOSED;
  }

  private push(row: number, position: number, expanded: boolean): void {
    const at = this.length * WIDTH;
    if (at === this.places.length) {
      const larger = new Int32Array(this.places.length * 2);
      larger.set(this.places);
      this.places = larger;
    }
    this.places[at] = row;
    this.places[at + 1] = position;
    this.places[at + 2] = expanded ? 1 : 0;
    this.length++;
  }

  /** Sorted; those that came since the last time are sorted by themselves and merged in. */
  private childrenOf(row: number): Int32Array {
    const known = this.sorted.get(row) ?? new Int32Array(0);
    if (known.length === this.table.childCount(row)) return known;
    const byName = (a: number, b: number): number => this.table.compare(a, b);
    const merged = mergeSorted(known, this.table.newChildren(row, known.length).sort(byName), byName);
    this.sorted.set(row, merged);
    return merged;
  }
}

/** At least `size` long, with room for more. */
function sizedTo(column: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (column.length >= size) return column;
  const larger = new Uint8Array(size + (size >> 1) + 64);
  larger.set(column);
  return larger;
}
