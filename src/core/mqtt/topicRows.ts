// Which lines of a topic tree are on the screen: a window of a flat list that follows what is expanded or searched.

/** The part of a topic that the list needs. Children are only ever added while a tree lives. */
export interface TreeNode<Self> {
  readonly name: string;
  readonly children: ReadonlyMap<string, Self>;
}

export interface RowPlace<N> {
  readonly id: number;
  readonly node: N;
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

type Place<N> = Omit<RowPlace<N>, 'id'>;

/** What is remembered of a topic that has others under it. */
interface Branch<N> {
  /** What the user chose, or whether it opened by itself when it was first listed. */
  expanded: boolean | undefined;
  sorted: readonly N[];
}

export class TopicRows<N extends TreeNode<N>> {
  /** Only of topics that have been on the screen. */
  private ids = new Map<N, number>();
  private nodes = new Map<number, N>();
  private nextId = 1;
  private branches = new Map<N, Branch<N>>();
  private places: Place<N>[] = [];
  private stale = true;
  private matches: ((path: string) => boolean) | undefined;

  constructor(private root: N) {}

  get total(): number {
    return this.list().length;
  }

  /** Starts over with another tree; ids are not used again. */
  reset(root: N): void {
    this.root = root;
    this.ids = new Map();
    this.nodes = new Map();
    this.branches = new Map();
    this.changed();
  }

  /** Call when topics were added. */
  changed(): void {
    this.stale = true;
  }

  /** Only topics whose path `matches`, with their parents; undefined shows all. */
  search(matches: ((path: string) => boolean) | undefined): void {
    this.matches = matches;
    this.changed();
  }

  expand(node: N, expanded: boolean): void {
    this.branch(node).expanded = expanded;
    this.changed();
  }

  /** All topics that there are now. */
  expandAll(expanded: boolean): void {
    const walk: N[] = [this.root];
    for (let node = walk.pop(); node; node = walk.pop()) {
      if (node.children.size === 0) continue;
      this.branch(node).expanded = expanded;
      walk.push(...node.children.values());
    }
    this.changed();
  }

  node(id: number): N | undefined {
    return this.nodes.get(id);
  }

  window(start: number, count: number): readonly RowPlace<N>[] {
    return this.list()
      .slice(start, start + count)
      .map((place) => ({ ...place, id: this.idOf(place.node) }));
  }

  private list(): readonly Place<N>[] {
    if (!this.stale) return this.places;
    this.stale = false;
    this.places = [];
    const matches = this.matches;
    if (matches) this.flattenMatching(this.root, '', 1, matches);
    else this.flatten(this.root, 1);
    return this.places;
  }

  private flatten(parent: N, depth: number): void {
    const { sorted } = this.branch(parent);
    const siblings = sorted.length;
    for (let index = 0; index < siblings; index++) {
      const node = sorted[index] as N;
      const expanded = node.children.size > 0 && depth < MAX_DEPTH && this.isExpanded(node, depth);
      this.places.push({ node, depth, position: index + 1, siblings, expanded });
      if (expanded) this.flatten(node, depth + 1);
    }
  }

  /** True when `parent` or something under it matches. Parents are added before their children and dropped if none do. */
  private flattenMatching(parent: N, path: string, depth: number, matches: (path: string) => boolean): boolean {
    let any = false;
    const { sorted } = this.branch(parent);
    for (const [index, node] of sorted.entries()) {
      const own = depth === 1 ? node.name : `${path}/${node.name}`;
      const branch = node.children.size > 0 ? this.branch(node) : undefined;
      const mark = this.places.length;
      const matching = matches(own);
      const expanded = branch !== undefined && depth < MAX_DEPTH && !(matching && branch.expanded === false);
      this.places.push({ node, depth, position: index + 1, siblings: sorted.length, expanded });
      const below = expanded && this.flattenMatching(node, own, depth + 1, matches);
      if (below || matching) any = true;
      else this.places.length = mark;
    }
    return any;
  }

  private isExpanded(node: N, depth: number): boolean {
    const branch = this.branch(node);
    branch.expanded ??= depth <= AUTO_DEPTH && this.places.length < AUTO_ROWS && node.children.size <= AUTO_ROWS / 4;
    return branch.expanded;
  }

  private idOf(node: N): number {
    const known = this.ids.get(node);
    if (known !== undefined) return known;
    const id = this.nextId++;
    this.ids.set(node, id);
    this.nodes.set(id, node);
    return id;
  }

  private branch(node: N): Branch<N> {
    const known = this.branches.get(node);
    if (known?.sorted.length === node.children.size) return known;
    const sorted = [...node.children.values()].sort(byName);
    if (known) known.sorted = sorted;
    const branch = known ?? { expanded: undefined, sorted };
    if (!known) this.branches.set(node, branch);
    return branch;
  }
}

/** By code unit, the broker's own topics ($SYS) last. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  const own = Number(a.name.startsWith('$')) - Number(b.name.startsWith('$'));
  return own || (a.name < b.name ? -1 : 1);
}
