import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RowPlace, TopicRows } from '../../../src/core/mqtt/topicRows';
import { TopicTable } from '../../../src/core/mqtt/topicTable';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function add(table: TopicTable, topic: string): void {
  table.add(bytes(topic), 0, bytes(topic).length);
}

function treeOf(...topics: string[]): { table: TopicTable; rows: TopicRows; drawn: () => string[] } {
  const table = new TopicTable();
  for (const topic of topics) add(table, topic);
  const rows = new TopicRows(table);
  const line = ({ depth, row, expanded }: RowPlace): string =>
    `${'  '.repeat(depth - 1)}${expanded ? '-' : ''}${table.name(row)}`;
  return { table, rows, drawn: () => rows.window(0, 1_000).map(line) };
}

test('a small tree opens by itself, sorted, with $SYS last', () => {
  const { drawn } = treeOf('$SYS/uptime', 'b/2', 'b/1', 'a');
  assert.deepEqual(drawn(), ['a', '-b', '  1', '  2', '-$SYS', '  uptime']);
});

test('what the user closes stays closed when topics come', () => {
  const { table, rows, drawn } = treeOf('a/x', 'b');
  const [a] = rows.window(0, 1);
  assert.ok(a);
  rows.expand(a.row, false);
  assert.deepEqual(drawn(), ['a', 'b']);
  add(table, 'a/y');
  add(table, 'c');
  rows.changed();
  assert.deepEqual(drawn(), ['a', 'b', 'c']);
  assert.equal(rows.window(0, 1)[0]?.row, a.row);
});

test('a broad level does not open by itself', () => {
  const { rows } = treeOf(...Array.from({ length: 60 }, (_, i) => `all/${i}`));
  assert.equal(rows.total, 1);
});

test('expand all and collapse all', () => {
  const { rows, drawn } = treeOf('a/b/c/d/e', 'f/g');
  rows.expandAll(true);
  assert.equal(rows.total, 7);
  rows.expandAll(false);
  assert.deepEqual(drawn(), ['a', 'f']);
});

test('a search shows what matches with its parents', () => {
  const { rows, drawn } = treeOf('home/kitchen/temp', 'home/kitchen/light', 'home/hall/temp', 'lab/x');
  rows.search((path) => path.includes('temp'));
  assert.deepEqual(drawn(), ['-home', '  -hall', '    temp', '  -kitchen', '    temp']);
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

test('a window past the end is empty, and another tree starts anew', () => {
  const { table, rows } = treeOf('a/b');
  assert.deepEqual(rows.window(10, 5), []);
  rows.expand(1, false);
  rows.reset(new TopicTable());
  assert.equal(rows.total, 0);
  rows.reset(table);
  assert.equal(rows.total, 2);
});

test('topics that come later stand where they sort, whatever came before', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-f]{1,3}$/), { maxLength: 40 });
  fc.assert(
    fc.property(names, fc.nat(40), (all, some) => {
      const { table, rows, drawn } = treeOf(...all.slice(0, some));
      drawn();
      for (const name of all.slice(some)) add(table, name);
      rows.changed();
      assert.deepEqual(drawn(), [...all].sort());
    }),
  );
});

test('a topic with 65,536 levels exhausts no stack', () => {
  const { rows } = treeOf(`a${'/'.repeat(65_535)}`);
  rows.expandAll(true);
  assert.equal(rows.total, 256);
  rows.search(() => true);
  assert.equal(rows.total, 256);
});
