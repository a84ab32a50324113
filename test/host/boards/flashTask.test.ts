// The task type secure-iot-flash, as tasks.json and the list of tasks have it, against the virtual board.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import { buildDemoImage, writeDemoBuild } from '../../virtualBoard/demoImage';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

describe('the task type secure-iot-flash', () => {
  const context = fake.context();
  const type = 'secure-iot-flash';
  let folder: string;
  let board: VirtualBoard;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('flash-task');
    board = await VirtualBoard.start({ port: 0, factory: true });
    fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
    fake.state.clear();
  });
  afterEach(() => board.close());

  /** Opens the terminal of a task as VS Code does. */
  async function start(task: any) {
    const terminal = await task.execution.callback(task.definition);
    const run = { terminal, text: '', code: undefined as number | undefined };
    terminal.onDidWrite((text: string) => {
      run.text += text;
    });
    terminal.onDidClose((code: number) => {
      run.code = code;
    });
    terminal.open();
    return run;
  }
  const ended = async (run: { readonly code: number | undefined; readonly text: string }) => {
    await until(
      () => run.code !== undefined,
      () => run.text,
      30_000,
    );
    return run.code;
  };
  const resolve = (definition: object) =>
    fake.taskProviders.get(type).resolveTask({ definition: { type, ...definition }, name: 'flash it', scope: 2 });

  it('flashes the files of tasks.json, relative to the workspace, and ends with 0', async () => {
    const app = demoApp();
    writeFileSync(join(folder, 'app.bin'), app);
    const task = await resolve({ files: ['0x10000', 'app.bin'], address: board.address });
    assert.deepEqual(task.definition, { type, files: ['0x10000', 'app.bin'], address: board.address });
    const run = await start(task);
    assert.equal(await ended(run), 0, run.text);
    assert.match(run.text, /written and verified/);
    assert.deepEqual(board.flash.read(0x10000, 64), app.subarray(0, 64));
  });

  it('is offered for each build of the workspace', async () => {
    await writeDemoBuild(folder, demoApp());
    const [task, ...more] = await fake.taskProviders.get(type).provideTasks();
    assert.equal(more.length, 0);
    assert.match(task.name, /^flash /);
    const run = await start(task);
    assert.equal(await ended(run), 0, run.text);
  });

  it('ends with 1 and says why: a missing file, and a stop with the state that the board is left in', async () => {
    const missing = await start(await resolve({ files: ['0x10000', 'none.bin'], address: board.address }));
    assert.equal(await ended(missing), 1);
    assert.match(missing.text, /none\.bin/);
    writeFileSync(join(folder, 'app.bin'), demoApp());
    const stopped = await start(await resolve({ files: ['0x10000', 'app.bin'], address: board.address }));
    stopped.terminal.handleInput('\u0003');
    assert.equal(await ended(stopped), 1);
    assert.match(stopped.text, /Stopped\./);
  });

  it('is nothing without files', async () => {
    assert.equal(await resolve({}), undefined);
  });
});

function demoApp(): Uint8Array {
  return buildDemoImage({ ssid: 'workshop' } as any, { codeBytes: 16 * 1024 });
}
