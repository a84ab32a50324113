// No export is left over: what nobody else uses is not exported, and what only tests use is not in the product.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { it } from 'node:test';

const root = resolve(__dirname, '../..');
const words = (text: string) => text.match(/\w+/g) ?? [];
const files = ['src', 'webview', 'scripts', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => /\.[cm]?[jt]s$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Word -> the files in which it stands. */
const users = new Map<string, Set<string>>();
for (const { file, text } of files)
  for (const word of words(text)) users.set(word, (users.get(word) ?? new Set()).add(file));

const product = files.filter(({ file }) => /^(src|webview)\//.test(file));
const exported = product.flatMap(({ file, text }) =>
  [...text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)].map(([, name = '']) => ({
    file,
    name,
    others: [...(users.get(name) ?? [])].filter((other) => other !== file),
    uses: words(text).filter((word) => word === name).length,
  })),
);

it('every exported value is used by another file', () => {
  const alone = exported.filter(({ others }) => others.length === 0);
  assert.deepEqual(
    alone.map(({ file, name }) => `${name} in ${file}`),
    [],
  );
});

it('no exported value is there for tests alone', () => {
  const forTests = exported.filter(
    ({ others, uses }) => uses === 1 && others.every((file) => file.startsWith('test/')),
  );
  assert.deepEqual(
    forTests.map(({ file, name }) => `${name} in ${file}`),
    [],
  );
});
