// Installs a real VS Code (code-server, from the npm registry alone) into the cache and starts it.
//   current  VS Code 1.139 on Node 24
//   oldest   VS Code 1.100 on Node 20, the oldest that package.json's engines allow
// `node scripts/vscodeServer.mjs current oldest` only installs them.
// Why not a plain `npm install code-server`: as root its postinstall refuses, and the older one downloads ripgrep from
// a host that may be unreachable. So: install without scripts, then build only the native modules that it needs.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cacheFolder.mjs';
import { prepareMachine } from './prepareMachine.mjs';

const releases = {
  current: {
    server: '4.139.1',
    node: '24',
    natives: [
      '@vscode/spdlog',
      '@vscode/native-watchdog',
      '@vscode/sqlite3',
      'kerberos',
      '@vscode/deviceid',
      '@vscode/fs-copyfile',
      'node-pty',
    ],
  },
  oldest: {
    server: '4.100.3',
    node: '20',
    natives: ['@vscode/spdlog', 'native-watchdog', 'kerberos', '@vscode/deviceid', 'node-pty'],
  },
};

/** Installs the release if the cache has it not; returns how to run it: `{ node, entry }`, both full paths. */
export function installServer(which) {
  const { server, node, natives } = releases[which];
  const folder = join(cacheFolder, `vscode-${which}-${server}`);
  const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const nodeFolder = join(folder, 'node_modules', nodePackage);
  const paths = {
    node: join(nodeFolder, 'bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return paths;
  console.log(`Installing VS Code's server ${server} into ${folder}: once, a minute or two, up to 1 GB …`);
  prepareMachine(['build-essential', 'make', 'python3', 'libkrb5-dev']);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'install.log');
  const env = {
    ...process.env,
    PATH: join(nodeFolder, 'bin') + delimiter + process.env.PATH,
    npm_config_nodedir: nodeFolder,
  };
  const run = (program, cwd, args) => {
    const { status, stdout, stderr } = spawnSync(program, [...args, '--no-audit', '--no-fund'], {
      cwd,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    appendFileSync(log, `$ ${program} ${args.join(' ')}\n${stdout}${stderr}\n`);
    return status === 0;
  };
  const npm = (cwd, ...args) => run(paths.node, cwd, [join(folder, 'node_modules/npm/bin/npm-cli.js'), ...args]);
  const must = (ok, what) => {
    if (!ok) throw new Error(`Could not ${what}. The reason is at the end of ${log}.`);
  };
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  // An npm of its own too: with the node-gyp of Debian 12's npm the native modules damage this Node's heap.
  const own = ['install', `${nodePackage}@${node}`, 'npm@11', '--ignore-scripts'];
  must(run('npm', folder, own), 'install Node and npm');
  must(npm(folder, 'install', `code-server@${server}`, '--ignore-scripts', '--force'), 'install code-server');
  must(npm(folder, 'rebuild', 'argon2', '--foreground-scripts'), 'build argon2');
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  must(npm(vscode, 'install', '--omit=dev', '--ignore-scripts'), "install VS Code's own packages");
  for (const name of natives) {
    // node-pty's last step only writes an editor aid and may fail offline; the compiled module is what counts
    const built =
      npm(vscode, 'rebuild', name, '--foreground-scripts') || hasNativeModule(join(vscode, 'node_modules', name));
    must(built, `build ${name}`);
  }
  const asar = join(vscode, 'node_modules.asar');
  if (!existsSync(asar)) symlinkSync('node_modules', asar);
  writeFileSync(ready, `${server}\n`);
  return paths;
}

function hasNativeModule(folder) {
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.node'));
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts VS Code with the packaged extension in it; resolves when it answers.
 * `userFolder` keeps settings and extensions. `env` is added to the environment of the extension host.
 */
export async function startServer({ which = 'current', vsix, userFolder, port, trust = true, env = {} }) {
  const { node, entry } = installServer(which);
  const extensions = join(userFolder, 'extensions');
  const data = join(userFolder, 'data');
  mkdirSync(extensions, { recursive: true });
  mkdirSync(data, { recursive: true });
  const common = ['--user-data-dir', data, '--extensions-dir', extensions];
  const childEnv = { ...process.env, ...env };
  delete childEnv.VSCODE_IPC_HOOK_CLI; // inside another VS Code's terminal this would send the call there
  if (vsix) {
    const installed = spawnSync(node, [entry, ...common, '--install-extension', vsix, '--force'], {
      env: childEnv,
      encoding: 'utf8',
    });
    if (installed.status !== 0)
      throw new Error(`VS Code did not take ${vsix}:\n${installed.stdout}${installed.stderr}`);
  }
  const chosen = port ?? (await freePort());
  const child = spawn(
    node,
    [
      entry,
      ...common,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${chosen}`, '--disable-telemetry', '--disable-update-check'],
      ...(trust ? ['--disable-workspace-trust'] : []),
    ],
    { env: childEnv, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const url = `http://127.0.0.1:${chosen}`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`VS Code's server ended at once:\n${output}`);
    const answered = await fetch(`${url}/healthz`).then(
      (r) => r.ok,
      () => false,
    );
    if (answered) break;
    if (Date.now() > deadline) throw new Error(`VS Code's server did not answer within a minute:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url,
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', resolve);
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const which of process.argv.slice(2)) installServer(which);
