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

export class TopicRows<N extends TreeNode<N>> {
  private readonly ids = new WeakMap<N, number>();
  private nodes = new Map<number, N>();
  private nextId = 1;
  /** What the user chose, or what was opened by itself when the topic was first seen. */
  private expansion = new WeakMap<N, boolean>();
  private sorted = new WeakMap<N, readonly N[]>();
  private places: RowPlace<N>[] = [];
  private stale = true;
  private matches: ((path: string) => boolean) | undefined;

  constructor(private root: N) {}

  get total(): number {
    return this.list().length;
  }

  /** Starts over with another tree; ids are not used again. */
  reset(root: N): void {
    this.root = root;
    this.nodes = new Map();
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
    this.expansion.set(node, expanded);
    this.changed();
  }

  /** All topics that there are now. */
  expandAll(expanded: boolean): void {
    const walk: N[] = [this.root];
    for (let node = walk.pop(); node; node = walk.pop()) {
      if (node.children.size === 0) continue;
      this.expansion.set(node, expanded);
      walk.push(...node.children.values());
    }
    this.changed();
  }

  node(id: number): N | undefined {
    return this.nodes.get(id);
  }

  window(start: number, count: number): readonly RowPlace<N>[] {
    return this.list().slice(start, start + count);
  }

  private list(): readonly RowPlace<N>[] {
    if (!this.stale) return this.places;
    this.stale = false;
    this.places = [];
    const matches = this.matches;
    if (matches) this.flattenMatching(this.root, '', 1, matches);
    else this.flatten(this.root, 1);
    return this.places;
  }

  private flatten(parent: N, depth: number): void {
    const children = this.childrenOf(parent);
    for (const [index, node] of children.entries()) {
      const expanded = node.children.size > 0 && depth < MAX_DEPTH && this.isExpanded(node, depth);
      this.add(node, depth, index + 1, children.length, expanded);
      if (expanded) this.flatten(node, depth + 1);
    }
  }

  /** True when `parent` or something under it matches. Parents are added before their children and dropped if none do. */
  private flattenMatching(parent: N, path: string, depth: number, matches: (path: string) => boolean): boolean {
    let any = false;
    const children = this.childrenOf(parent);
    for (const [index, node] of children.entries()) {
      const own = depth === 1 ? node.name : `${path}/${node.name}`;
      const mark = this.places.length;
      const closed = this.expansion.get(node) === false && matches(own);
      this.add(node, depth, index + 1, children.length, node.children.size > 0 && !closed);
      const below = !closed && depth < MAX_DEPTH && this.flattenMatching(node, own, depth + 1, matches);
      if (below || matches(own)) any = true;
      else this.places.length = mark;
    }
    return any;
  }

  private add(node: N, depth: number, position: number, siblings: number, expanded: boolean): void {
    this.places.push({ id: this.idOf(node), node, depth, position, siblings, expanded });
  }

  private isExpanded(node: N, depth: number): boolean {
    const chosen = this.expansion.get(node);
    if (chosen !== undefined) return chosen;
    const open = depth <= AUTO_DEPTH && this.places.length < AUTO_ROWS && node.children.size <= AUTO_ROWS / 4;
    this.expansion.set(node, open);
    return open;
  }

  private idOf(node: N): number {
    const known = this.ids.get(node);
    if (known !== undefined) return known;
    const id = this.nextId++;
    this.ids.set(node, id);
    this.nodes.set(id, node);
    return id;
  }

  /** Sorted by code point, the broker's own topics ($SYS) last. */
  private childrenOf(node: N): readonly N[] {
    const known = this.sorted.get(node);
    if (known?.length === node.children.size) return known;
    const rank = ({ name }: N): string => (name.startsWith('$') ? `\uffff${name}` : name);
    const children = [...node.children.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    this.sorted.set(node, children);
    return children;
  }
}
