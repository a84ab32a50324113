import '../support/vscode/install';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withProgress } from '../../src/host/progress';
import { fake } from '../support/vscode/install';
import type { Person } from '../support/vscode/person';

describe('progress of work', () => {
  let person: Person;
  beforeEach(() => {
    person = fake.open();
  });

  it('shows nothing for work that is done at once: VS Code would drop the toast that follows', async () => {
    assert.equal(await withProgress('Quick', async () => 7), 7);
    await sleep(600);
    assert.deepEqual(person.progress, []);
  });

  it('shows the title and the latest message once it takes half a second, then every message', async () => {
    await withProgress('Slow', async ({ report }) => {
      report('first');
      report('second');
      await sleep(600);
      report('third');
    });
    assert.deepEqual(person.progress, ['Slow', 'second', 'third']);
  });

  it('fills the bar by shares of the whole, and never takes any back', async () => {
    await withProgress('Counted', async ({ report }) => {
      report('a quarter', 0.25);
      await sleep(600);
      report('half', 0.5);
      report('less again', 0.4);
      report('all', 1);
    });
    assert.deepEqual(person.increments, [25, 25, 0, 50]);
  });

  it('hands the error to the caller, before and after it was shown', async () => {
    await assert.rejects(
      withProgress('Broken', () => Promise.reject(new Error('at once'))),
      /at once/,
    );
    const late = withProgress('Broken', () => sleep(600).then(() => Promise.reject(new Error('late'))));
    await assert.rejects(late, /late/);
  });

  it('aborts the work when the person cancels', async () => {
    const aborted = withProgress(
      'Endless',
      ({ signal }) =>
        new Promise<string>((resolve) => {
          signal.addEventListener('abort', () => resolve('stopped'));
        }),
    );
    await sleep(600);
    fake.cancelProgress();
    assert.equal(await aborted, 'stopped');
  });
});
