// Build Firmware… in a fake VS Code: tools that print what the true ones print, and where the Problems view would lead.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { problemMatchers } from '../../../src/contributions/tasks';
import { activate } from '../../../src/extension';
import { resolveTask } from '../../../src/host/sketch/buildSketch';
import { findBuilds } from '../../../src/io/flash/findBuilds';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

/** What each tool prints for an undeclared name: gcc with its context lines, relative as PlatformIO calls it. */
const OUTPUT = {
  pio: `Processing esp32 (platform: espressif32; board: esp32dev; framework: arduino)
Compiling .pio/build/esp32/src/main.cpp.o
In file included from src/main.cpp:6:
src/config.h: In function 'void setup()':
src/main.cpp:12:3: error: 'undeclared' was not declared in this scope
   12 |   undeclared = 1;
      |   ^~~~~~~~~~
*** [.pio/build/esp32/src/main.cpp.o] Error 1
========================= [FAILED] Took 2.13 seconds =========================`,
  'arduino-cli': `FOLDER/sketch.ino: In function 'void setup()':
FOLDER/sketch.ino:12:3: error: 'undeclared' was not declared in this scope
   12 |   undeclared = 1;
      |   ^~~~~~~~~~
Error during build: exit status 1`,
  'idf.py': `[914/916] Building C object esp-idf/main/CMakeFiles/__idf_main.dir/main.c.obj
FAILED: esp-idf/main/CMakeFiles/__idf_main.dir/main.c.obj
../main/main.c: In function 'app_main':
../main/main.c:12:3: error: 'undeclared' undeclared (first use in this function)
   12 |   undeclared = 1;
ninja: build stopped: subcommand failed.`,
};
const SOURCES = {
  pio: ['platformio.ini', 'src/main.cpp', 'src/config.h'],
  'arduino-cli': ['sketch.ino'],
  'idf.py': ['CMakeLists.txt', 'sdkconfig', 'main/main.c', 'build/build.ninja'],
};
type Tool = keyof typeof OUTPUT;

describe('Build Firmware…', () => {
  const context = fake.context();
  const path = process.env['PATH'] ?? '';
  let person: Person;
  let folder: string;
  const at = (...parts: string[]) => join(folder, ...parts);
  const build = () => fake.commands.get('secureIot.buildFirmware')?.({}) as Promise<void>;

  before(() => void activate(context));
  after(() => {
    process.env['PATH'] = path;
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(() => {
    folder = temporaryFolder('build-host');
    person = fake.open(folder);
    fake.tasks.length = 0;
    process.env['PATH'] = `${at('bin')}:${path}`;
  });

  /** A project in a folder below the workspace's, and `tool` on PATH as a script with this `body`. */
  function project(tool: Tool, body: string): string {
    for (const file of SOURCES[tool]) {
      mkdirSync(dirname(at('sketch', file)), { recursive: true });
      writeFileSync(at('sketch', file), '');
    }
    mkdirSync(at('bin'));
    writeFileSync(at('bin', tool), `#!/bin/sh\n${body}\n`);
    chmodSync(at('bin', tool), 0o755);
    return at('sketch');
  }

  /** Runs the task as VS Code does. */
  async function run(task: any): Promise<{ readonly text: string; readonly code: number }> {
    const terminal = await task.execution.callback(task.definition);
    let text = '';
    terminal.onDidWrite((more: string) => {
      text += more;
    });
    const code = new Promise<number>((resolve) => terminal.onDidClose(resolve));
    terminal.open();
    return { code: await code, text };
  }

  for (const tool of Object.keys(OUTPUT) as Tool[])
    it(`${tool}: its error leads to file and line, and its exit code is the task's`, async () => {
      const sketch = project(tool, `cat <<'END' >&2\n${OUTPUT[tool]}\nEND\nexit 1`.replaceAll('FOLDER', at('sketch')));
      await build();
      assert.equal(fake.tasks[0].problemMatchers, '$secure-iot-compiler');
      const { text, code } = await run(fake.tasks[0]);
      assert.equal(code, 1);
      const matcher = problemMatchers.find(({ name }) => name === 'secure-iot-compiler');
      const pattern = new RegExp(matcher?.pattern.regexp ?? '');
      const problems = text.split('\r\n').flatMap((line) => pattern.exec(line) ?? []);
      const [, file, line, column, severity, message] = problems;
      assert.equal(file, join(sketch, SOURCES[tool].find((name) => /\.(ino|c|cpp)$/.test(name)) ?? ''));
      assert.deepEqual([line, column, severity], ['12', '3', 'error']);
      assert.match(message ?? '', /'undeclared'/);
      assert.equal(problems.length, 6, 'one problem, and nothing else looks like one');
    });

  it('Flash finds what was built, without a question where to look', async () => {
    project('arduino-cli', 'mkdir build && printf x > build/sketch.ino.bin');
    await build();
    assert.equal((await run(fake.tasks[0])).code, 0);
    const [found] = await findBuilds(folder);
    assert.deepEqual([found?.label, found?.kind], ['sketch/build', 'Arduino build']);
  });

  it('stopping the task stops the tool and what it started', async () => {
    project('pio', 'sleep 30 & echo started; wait');
    await build();
    const terminal = await fake.tasks[0].execution.callback(fake.tasks[0].definition);
    const code = new Promise<number>((resolve) => terminal.onDidClose(resolve));
    terminal.onDidWrite((text: string) => text.startsWith('started') && terminal.handleInput('\u0003'));
    const began = Date.now();
    terminal.open();
    assert.equal(await code, 1);
    assert.ok(Date.now() - began < 10_000);
  });

  it('a tool that is not installed is said with where to get it, also by a task of tasks.json', async () => {
    project('arduino-cli', '');
    process.env['PATH'] = at('nothing');
    await build();
    await person.sees(/arduino-cli \(arduino-cli\) was not found\. Install arduino-cli/);
    assert.equal(fake.tasks.length, 0);
    const definition = { type: 'secure-iot', project: './sketch' };
    const task = resolveTask({ definition } as never);
    assert.equal(task?.definition, definition, 'handed back as it was given');
    const { text, code } = await run(task);
    assert.match(text, /Install arduino-cli/);
    assert.equal(code, 1);
  });
});
