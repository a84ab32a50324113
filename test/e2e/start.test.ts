// `npm start` as a newcomer meets it: VS Code opens with the demo's README, the virtual board fails for a real reason,
// and five commands later its messages are in the explorer.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DEMO_DEVICE, root } from '../../scripts/demoWorkspace.mjs';
import { USER_SETTINGS } from './support/session';
import { Workbench } from './support/workbench';

describe('npm start', { timeout: 400_000 }, () => {
  let home: string;
  let demo: ChildProcess;
  let output = '';
  let workbench: Workbench;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'secure-iot-start-'));
    const settings = join(home, 'demo-vscode/data/User');
    await mkdir(settings, { recursive: true });
    await writeFile(
      join(settings, 'settings.json'),
      JSON.stringify({ ...USER_SETTINGS, 'workbench.startupEditor': 'readme' }),
    );
    demo = spawn(process.execPath, ['scripts/start.mjs', '--no-build'], {
      cwd: root,
      env: { ...process.env, SECURE_IOT_DEMO: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [demo.stdout, demo.stderr])
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    const [url, folder] = await address();
    workbench = await Workbench.open(url, folder, 'start');
  });
  after(async () => {
    await workbench?.close();
    const ended = new Promise((resolve) => demo.once('exit', resolve));
    demo.kill('SIGTERM');
    if (demo.exitCode === null) await ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  async function address(): Promise<[string, string]> {
    const deadline = Date.now() + 240_000;
    for (;;) {
      const found = /VS Code with Secure IoT: (http:\S+)\/\?folder=(\S+)/.exec(output);
      if (found?.[1] && found[2]) return [found[1], decodeURIComponent(found[2])];
      assert.equal(demo.exitCode, null, `npm start ended:\n${output}`);
      assert.ok(Date.now() < deadline, `npm start did not get there:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  it('takes a newcomer from -0x2700 to connected', { timeout: 180_000 }, async () => {
    const board = /virtual board at (\S+)/.exec(output)?.[1];
    assert.ok(board, output);
    await workbench.webview().getByText('from -0x2700 to connected').first().waitFor({ timeout: 30_000 });
    await workbench.screenshot('readme');
    await workbench.openMonitor(board);
    await workbench.waitForTerminal(/↳ MBEDTLS_ERR_X509_CERT_VERIFY_FAILED/, 60_000);
    await workbench.screenshot('monitor');
    await workbench.diagnoseAndFix(/wrong CA.*"Old Workshop CA"/);
    await workbench.dismissNotifications();
    await workbench.command('Run Build Task', 'Tasks');
    await workbench.page.waitForTimeout(4_000); // the build says nothing that could be waited for
    await workbench.flash(board);
    await workbench.waitForTerminal(/published devices/, 60_000);
    await workbench.screenshot('connected');
    await workbench.command('MQTT Explorer');
    const pane = workbench.webview();
    await pane.getByText('Connect', { exact: true }).first().click({ timeout: 30_000 });
    await pane.getByRole('treegrid', { name: 'Topics' }).getByText(DEMO_DEVICE).first().waitFor({ timeout: 30_000 });
    await workbench.screenshot('explorer');
  });
});
