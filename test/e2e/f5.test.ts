// F5 (.vscode/launch.json): this folder itself as an extension under development, beside what its task "demo" starts.
// The desktop's debugger cannot run here; what it starts, and how VS Code loads an unpackaged extension, can.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/demoWorkspace.mjs';
import { type RunningServer, startServer } from '../../scripts/vscodeServer.mjs';
import { USER_SETTINGS } from './support/session';
import { Workbench } from './support/workbench';

const WORKSPACE_FOLDER = '$' + '{workspaceFolder}';
const read = (file: string) => JSON.parse(readFileSync(join(root, '.vscode', file), 'utf8'));

describe('F5', { timeout: 240_000 }, () => {
  const [launch] = read('launch.json').configurations;
  const task = read('tasks.json').tasks.find(({ label }: { label: string }) => label === launch.preLaunchTask);
  let folder: string;
  let demo: ChildProcess;
  let server: RunningServer;
  let workbench: Workbench;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secure-iot-f5-'));
  });
  after(async () => {
    await workbench?.close();
    await server?.stop();
    demo?.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('its task builds, starts the broker and the board, and says so in the words that VS Code waits for', async () => {
    const [begin, end] = ['beginsPattern', 'endsPattern'].map((p) => new RegExp(task.problemMatcher.background[p]));
    demo = spawn(task.command, task.args, { cwd: root, env: { ...process.env, SECURE_IOT_DEMO: folder } });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        output += chunk;
        if (end?.test(output)) resolve();
      };
      demo.stdout?.on('data', listen);
      demo.stderr?.on('data', listen);
      demo.on('exit', (code) => reject(new Error(`the task ended (${code}):\n${output}`)));
    });
    assert.match(output, begin ?? /never/);
    assert.ok(existsSync(join(folder, 'demo-workspace/certs/ca/ca.crt')));
  });

  it('loads the extension from the folder, unpackaged', async () => {
    assert.equal(launch.args[0], `--extensionDevelopmentPath=${WORKSPACE_FOLDER}`);
    mkdirSync(join(folder, 'user/data/User'), { recursive: true });
    writeFileSync(join(folder, 'user/data/User/settings.json'), JSON.stringify(USER_SETTINGS));
    // A built VS Code in the browser takes no development path; a link in its extensions folder loads the same files.
    mkdirSync(join(folder, 'user/extensions'));
    symlinkSync(root, join(folder, 'user/extensions/secure-iot.secure-iot-0.1.0'));
    server = await startServer({ userFolder: join(folder, 'user') });
    workbench = await Workbench.open(server.url, join(folder, 'demo-workspace'), 'f5');
    await workbench.command('Explain Error Code…');
    await workbench.answer(/[Cc]ode/, '-0x2700');
    await workbench.webview().getByText('MBEDTLS_ERR_X509_CERT_VERIFY_FAILED').first().waitFor({ timeout: 20_000 });
    await workbench.screenshot('explain');
  });
});
