import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TopicRows } from '../../../src/core/mqtt/topicRows';

class Node {
  readonly children = new Map<string, Node>();
  constructor(readonly name: string) {}

  add(topic: string): void {
    let at: Node = this;
    for (const name of topic.split('/')) {
      const next = at.children.get(name) ?? new Node(name);
      at.children.set(name, next);
      at = next;
    }
  }
}

function treeOf(...topics: string[]): { root: Node; rows: TopicRows<Node> } {
  const root = new Node('');
  for (const topic of topics) root.add(topic);
  return { root, rows: new TopicRows(root) };
}

const drawn = (rows: TopicRows<Node>): string[] =>
  rows
    .window(0, 1_000)
    .map(({ depth, node, expanded }) => `${'  '.repeat(depth - 1)}${expanded ? '-' : ''}${node.name}`);

test('a small tree opens by itself, sorted, with $SYS last', () => {
  const { rows } = treeOf('$SYS/uptime', 'b/2', 'b/1', 'a');
  assert.deepEqual(drawn(rows), ['a', '-b', '  1', '  2', '-$SYS', '  uptime']);
});

test('what the user closes stays closed when topics come', () => {
  const { root, rows } = treeOf('a/x', 'b');
  const [a] = rows.window(0, 1);
  assert.ok(a);
  rows.expand(a.node, false);
  assert.deepEqual(drawn(rows), ['a', 'b']);
  root.add('a/y');
  root.add('c');
  rows.changed();
  assert.deepEqual(drawn(rows), ['a', 'b', 'c']);
  assert.equal(rows.window(0, 1)[0]?.id, a.id);
});

test('a broad level does not open by itself', () => {
  const { rows } = treeOf(...Array.from({ length: 60 }, (_, i) => `all/${i}`));
  assert.equal(rows.total, 1);
});

test('expand all and collapse all', () => {
  const { rows } = treeOf('a/b/c/d/e', 'f/g');
  rows.expandAll(true);
  assert.equal(rows.total, 7);
  rows.expandAll(false);
  assert.deepEqual(drawn(rows), ['a', 'f']);
});

test('a search shows what matches with its parents', () => {
  const { rows } = treeOf('home/kitchen/temp', 'home/kitchen/light', 'home/hall/temp', 'lab/x');
  rows.search((path) => path.includes('temp'));
  assert.deepEqual(drawn(rows), ['-home', '  -hall', '    temp', '  -kitchen', '    temp']);
  rows.search(undefined);
  assert.equal(rows.total, 8);
});

test('places tell a screen reader position and set size', () => {
  const { rows } = treeOf('a/1', 'a/2', 'b');
  assert.deepEqual(
    rows.window(1, 2).map(({ position, siblings, depth }) => [position, siblings, depth]),
    [
      [1, 2, 2],
      [2, 2, 2],
    ],
  );
});

test('a window past the end is empty and ids find their topic', () => {
  const { root, rows } = treeOf('a');
  assert.deepEqual(rows.window(10, 5), []);
  const id = rows.window(0, 1)[0]?.id ?? 0;
  assert.equal(rows.node(id)?.name, 'a');
  rows.reset(new Node(''));
  assert.equal(rows.node(id), undefined);
  rows.reset(root);
  assert.equal(rows.total, 1);
});

test('a topic with 65,536 levels exhausts no stack', () => {
  const { rows } = treeOf(`a${'/'.repeat(65_535)}`);
  rows.expandAll(true);
  assert.equal(rows.total, 256);
  rows.search(() => true);
  assert.equal(rows.total, 256);
});
