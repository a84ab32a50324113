// The packaged extension is two files: what activation reads, and the features. Needs the build (`npm test` makes it).
import '../support/vscode/install';

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { commands } from '../../src/contributions/commands';
import { temporaryFolder } from '../support/temporaryFolder';
import { fake } from '../support/vscode/install';

const dist = resolve(__dirname, '../../dist');

describe('the two bundles of the extension', () => {
  const context = fake.context();

  it('activation reads a small file that registers every command and loads no feature', () => {
    const { activate } = require(join(dist, 'extension.js'));
    fake.open();
    activate(context);
    assert.deepEqual([...fake.commands.keys()].sort(), Object.keys(commands).sort());
    assert.ok(!Object.keys(require.cache).some((file) => file.startsWith(dist) && !file.endsWith('extension.js')));
    assert.ok(statSync(join(dist, 'extension.js')).size < 150_000, 'static imports have crept into activation');
  });

  it('an error that a feature throws is the UserError that activation knows', async () => {
    const person = fake.open(temporaryFolder('bundles'));
    await fake.commands.get('secureIot.diagnoseConnection')?.();
    const { message } = await person.sees(/no sketch in this workspace/);
    assert.doesNotMatch(message, /bug in Secure IoT/);
  });

  it('no module is in both', () => {
    const marker = /class UserError\b|\bUserError ?= ?class\b/;
    const holders = ['extension.js', 'features.js'].filter((file) =>
      marker.test(readFileSync(join(dist, file), 'utf8')),
    );
    assert.deepEqual(holders, ['extension.js']);
    for (const item of context.subscriptions) item.dispose();
  });
});
