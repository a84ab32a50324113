// What package.json promises exists: commands are registered, pages and icons are there, the VSIX allow-list is closed.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { commands } from '../../src/contributions/commands';
import { manifest } from '../../src/contributions/manifest';
import { views } from '../../src/contributions/views';
import { walkthroughSteps } from '../../src/contributions/walkthrough';

const root = resolve(__dirname, '../..');
const host = ['src/extension.ts']
  .concat(readdirSync(join(root, 'src/host'), { recursive: true, encoding: 'utf8' }).map((f) => `src/host/${f}`))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

describe('the manifest', () => {
  it('agrees with contributions.ts', () => {
    const written = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const declared = JSON.parse(JSON.stringify(manifest()));
    for (const [key, value] of Object.entries(declared)) assert.deepEqual(written[key], value, key);
  });

  it('names only commands that the host registers', () => {
    // one by one, or from a table of ids and functions
    const forms = (id: string) => [`register('${id}'`, `register(\n      '${id}'`, `\n    '${id}': '`];
    const missing = Object.keys(commands).filter((id) => !forms(id).some((form) => host.includes(form)));
    assert.deepEqual(missing, []);
  });

  it('names only views that the host fills', () => {
    const missing = Object.keys(views).filter((id) => !host.includes(`'${id}'`));
    assert.deepEqual(missing, []);
  });

  it('has a page for every walkthrough step and an icon for every view', () => {
    const files = [
      ...walkthroughSteps.map(({ id }) => `media/walkthrough/${id}.md`),
      ...Object.values(views).map(({ icon }) => icon),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('packages by an allow-list', () => {
    const lines = readFileSync(join(root, '.vscodeignore'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    assert.equal(lines[0], '**');
    assert.deepEqual(
      lines.slice(1).filter((line) => !line.startsWith('!')),
      [],
    );
  });
});
