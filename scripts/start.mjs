// `npm start`: a real VS Code in the browser with the extension, a demo workspace, the local TLS broker and a virtual
// board. Needs no hardware. `--no-vscode` starts all but VS Code (for F5 in a desktop VS Code); `--no-build` takes the
// build and the package that are there.
import './nodeVersion.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { makeDemoWorkspace, root } from './demoWorkspace.mjs';
import { prepareMachine } from './prepareMachine.mjs';
import { freePort, startServer } from './vscodeServer.mjs';

const withVsCode = !process.argv.includes('--no-vscode');
/** Everything the demo makes; tests give it a folder of their own. */
const home = process.env.SECURE_IOT_DEMO ?? join(root, '.cache');
const workspace = join(home, 'demo-workspace');
const children = [];
let stopping = false;

const say = (text) => console.log(`\u2022 ${text}`);

function run(title, script) {
  const { status } = spawnSync(process.execPath, script, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${title} failed.`);
}

/** Starts a helper process; resolves with the line that says it is ready. */
function start(title, args, ready) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let output = '';
    const listen = (chunk) => {
      output = (output + chunk).slice(-10_000);
      const line = output.split('\n').find((l) => ready.test(l));
      if (line) resolve(line);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => {
      if (stopping) return;
      reject(new Error(`${title} ended (exit code ${code}):\n${output}`));
      console.error(`${title} ended (exit code ${code}).`);
    });
    setTimeout(() => reject(new Error(`${title} did not start within 60 s:\n${output}`)), 60_000).unref();
  });
}

/** The wished port if it is free, else any. */
const portNear = (wish) =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(freePort()));
    server.listen(wish, '127.0.0.1', () => server.close(() => resolve(wish)));
  });

async function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
  setTimeout(() => process.exit(code), 2_000).unref();
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

try {
  prepareMachine(['build-essential', 'libmbedtls-dev']);
  const build = !process.argv.includes('--no-build');
  if (build) {
    say('Building the extension');
    run('The build', ['scripts/build.mjs']);
  }
  const boardPort = await portNear(4000);
  const brokerPort = await portNear(8883);
  const board = `rfc2217://127.0.0.1:${boardPort}`;
  say('Making the demo workspace');
  const sketch = makeDemoWorkspace(workspace, { board, brokerPort });
  say(`Starting the local TLS broker on port ${brokerPort}`);
  await start(
    'The broker',
    ['dist/cli.js', 'broker', '--dir', join(workspace, 'certs'), '--port', String(brokerPort)],
    /listen|mqtts:/i,
  );
  say(`Starting the virtual board at ${board}`);
  const flashed = join(sketch, 'build');
  await start(
    'The virtual board',
    [
      '--require',
      join(root, 'scripts/typescript.cjs'),
      'test/virtualBoard/main.ts',
      '--port',
      String(boardPort),
      '--flash',
      join(home, 'demo-flash.bin'),
      '--preload',
      flashed,
    ],
    /virtual board at/i,
  );
  if (withVsCode) {
    if (build) {
      say('Packaging the extension');
      run('Packaging', ['scripts/package.mjs']);
    }
    const userFolder = join(home, 'demo-vscode');
    writeUserSettings(userFolder);
    const server = await startServer({
      vsix: join(root, 'dist/secure-iot.vsix'),
      userFolder,
      port: await portNear(8099),
    });
    const address = `${server.url}/?folder=${encodeURIComponent(workspace)}`;
    children.push({ kill: () => server.stop() });
    console.log(
      `\nVS Code with Secure IoT: ${address}\nIts README page says what to do first. Ctrl+C stops everything.\n`,
    );
    openBrowser(address);
  } else console.log(`\nSecure IoT demo is ready: ${workspace}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}

/** First the demo's README, nothing else in the way; what the person changes later stays. */
function writeUserSettings(userFolder) {
  const file = join(userFolder, 'data/User/settings.json');
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const settings = {
    'workbench.startupEditor': 'readme',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'git.openRepositoryInParentFolders': 'never', // the demo lives inside this repository
    'remote.autoForwardPorts': false, // no question about the broker's port
  };
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function openBrowser(address) {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  if (process.env.CI || (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)) return;
  if (process.platform === 'linux' && !['/usr/bin/xdg-open', '/usr/local/bin/xdg-open'].some(existsSync)) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
