// Activation: ours against an empty extension, in the same VS Code, in the same start. A third extension activates both
// in turns of order and writes down how long each took. Several starts; the median of the ratios counts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startServer } from '../../scripts/vscodeServer.mjs';
import { temporaryFolder } from '../support/temporaryFolder';
import { chromiumArgs, chromiumPath } from '../support/tools';
import { report } from './support/ratio';

const STARTS = 8;
const root = join(__dirname, '../..');

function writeExtension(folder: string, name: string, code: string, activationEvents: string[]): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name, publisher: 'bench', version: '1.0.0', engines: { vscode: '^1.100.0' }, main: './main.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents }));
  writeFileSync(join(folder, 'main.js'), code);
}

async function oneStart(index: number, vsix: string): Promise<{ ours: number; empty: number }> {
  const folder = temporaryFolder('secure-iot-activation');
  const extensions = join(folder, 'user/extensions');
  const result = join(folder, 'result.json');
  const order = ['bench.empty', 'secure-iot.secure-iot'];
  if (index % 2) order.reverse();
  writeExtension(join(extensions, 'bench.empty-1.0.0'), 'empty', 'exports.activate = () => {};', []);
  writeExtension(
    join(extensions, 'bench.driver-1.0.0'),
    'driver',
    `const vscode = require('vscode');
exports.activate = async () => {
  const times = {};
  for (const id of ${JSON.stringify(order)}) {
    const start = performance.now();
    await vscode.extensions.getExtension(id).activate();
    times[id] = performance.now() - start;
  }
  require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(times));
};`,
    ['onStartupFinished'],
  );
  const server = await startServer({ vsix, userFolder: join(folder, 'user') });
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('Chromium is missing: run "node scripts/prepareMachine.mjs" as root');
  const browser = await chromium.launch({ executablePath, args: chromiumArgs });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    const deadline = Date.now() + 60_000;
    for (;;) {
      try {
        const times = JSON.parse(readFileSync(result, 'utf8')) as Record<string, number>;
        return { ours: times['secure-iot.secure-iot'] ?? Number.NaN, empty: times['bench.empty'] ?? Number.NaN };
      } catch {
        if (Date.now() > deadline) throw new Error('the extensions did not activate within a minute');
        await page.waitForTimeout(200);
      }
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function main(): Promise<void> {
  const vsix = join(root, 'dist/secure-iot.vsix');
  execFileSync(process.execPath, ['scripts/package.mjs'], { cwd: root, stdio: 'ignore' });
  // The first of the two pays for what both share, so a pair of starts, one in each order, makes one ratio.
  const ratios: number[] = [];
  for (let i = 0; i < STARTS; i += 2) {
    const pair = [await oneStart(i, vsix), await oneStart(i + 1, vsix)];
    const sum = (key: 'ours' | 'empty') => pair.reduce((total, times) => total + times[key], 0);
    ratios.push(sum('ours') / sum('empty'));
  }
  ratios.sort((a, b) => a - b);
  report(
    `activation, against an empty extension in the same VS Code (${STARTS} starts)`,
    { median: ratios[STARTS / 4] ?? Number.NaN, min: ratios[0] ?? Number.NaN, max: ratios.at(-1) ?? Number.NaN },
    '3 or less',
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
