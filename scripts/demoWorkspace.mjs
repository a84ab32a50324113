// Makes the demo workspace: certificates of its own, a sketch whose CA is not the broker's (the classic mistake after a
// CA was replaced), its firmware image, and tasks that rebuild it. Used by `npm start`, by F5 and by the e2e tests.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The demo CA's passphrase is no secret: the CA lives for one demo. */
export const DEMO_PASSPHRASE = 'demo passphrase';
export const DEMO_DEVICE = 'demo-board';

/** Runs the built `secure-iot` command line; throws with its words when it fails. */
export function secureIot(args, options = {}) {
  return execFileSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...process.env, SECURE_IOT_CA_PASSPHRASE: DEMO_PASSPHRASE, ...options.env },
  });
}

/** Builds the firmware image of a sketch folder: what a toolchain does for a real board. */
export function buildDemoFirmware(sketch) {
  execFileSync(
    process.execPath,
    ['--require', join(root, 'scripts/typescript.cjs'), join(root, 'scripts/demoBuild.ts'), sketch],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

/** Writes a workspace with settings and the build task only. `board` is an address such as rfc2217://127.0.0.1:4000. */
export function makeEmptyWorkspace(folder, { board, brokerPort }) {
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  const json = (name, value) => writeFileSync(join(folder, '.vscode', name), `${JSON.stringify(value, null, 2)}\n`);
  json('settings.json', {
    'secureIot.boards.addresses': [board],
    'secureIot.broker.port': brokerPort,
    'files.associations': { '*.ino': 'cpp' },
  });
  json('tasks.json', {
    version: '2.0.0',
    tasks: [
      {
        label: 'Build demo firmware',
        detail: 'Packs the sketch into an image for the virtual board: the stand-in for a toolchain.',
        type: 'process',
        command: process.execPath,
        args: [
          '--require',
          join(root, 'scripts/typescript.cjs'),
          join(root, 'scripts/demoBuild.ts'),
          `\${workspaceFolder}/${DEMO_DEVICE}`,
        ],
        options: { cwd: root },
        group: { kind: 'build', isDefault: true },
        presentation: { reveal: 'silent', panel: 'dedicated' },
        problemMatcher: [],
      },
    ],
  });
}

/** Makes the whole demo in `folder` (an older one is moved to `<folder>.previous`). Returns the sketch's folder. */
export function makeDemoWorkspace(folder, { board, brokerPort }) {
  if (existsSync(folder)) {
    rmSync(`${folder}.previous`, { recursive: true, force: true });
    renameSync(folder, `${folder}.previous`);
  }
  makeEmptyWorkspace(folder, { board, brokerPort });
  const certs = join(folder, 'certs');
  const sketch = join(folder, DEMO_DEVICE);
  secureIot(['certs', 'ca', '--cn', 'Demo Workshop CA', '--dir', certs]);
  secureIot(['certs', 'broker', '--cn', 'localhost', '--dns', 'localhost', '--ip', '127.0.0.1', '--dir', certs]);
  secureIot(['certs', 'device', '--cn', DEMO_DEVICE, '--dir', certs]);
  secureIot([
    'new',
    'mutual-tls',
    '--out',
    sketch,
    '--certs',
    certs,
    '--set',
    'host=localhost',
    '--set',
    `port=${brokerPort}`,
    '--set',
    `device=${DEMO_DEVICE}`,
  ]);
  replaceCa(sketch, oldCa(`${folder}-old-ca`));
  buildDemoFirmware(sketch);
  writeFileSync(join(folder, 'README.md'), demoReadme({ board, brokerPort }));
  return sketch;
}

/** A CA that signed nothing here: the one that "was replaced last year". */
function oldCa(folder) {
  rmSync(folder, { recursive: true, force: true });
  secureIot(['certs', 'ca', '--cn', 'Old Workshop CA', '--dir', folder]);
  return readFileSync(join(folder, 'ca', 'ca.crt'), 'utf8');
}

/** Puts another PEM into the sketch's ROOT_CA. */
export function replaceCa(sketch, pem) {
  const file = join(sketch, 'certificates.h');
  const text = readFileSync(file, 'utf8');
  const next = text.replace(
    /(ROOT_CA\[\][^"]*R"PEM\()[\s\S]*?(\)PEM")/,
    (_, before, after) => `${before}${pem}${after}`,
  );
  if (next === text) throw new Error(`no ROOT_CA in ${file}`);
  writeFileSync(file, next);
}

function demoReadme({ board, brokerPort }) {
  return `# Secure IoT demo: from -0x2700 to connected

A virtual ESP32 at \`${board}\` is running and cannot connect to the broker at \`localhost:${brokerPort}\`.
Everything below is in the command palette (**F1**), under "Secure IoT".

1. **Open Serial Monitor**: every few seconds the board prints \`-9984\`, which is \`-0x2700\` in decimal. Under it stands what that means. The board itself cannot say more.
2. **Diagnose Connection**: names the cause with its evidence, and offers a fix. Choose **Apply Fix**.
3. Build: **Tasks: Run Build Task** (Ctrl+Shift+B). For a real board this is your toolchain.
4. **Flash Board**: the monitor gives up the port and takes it back. Watch the board connect.
5. **MQTT Explorer**: connect, and see \`${DEMO_DEVICE}\`'s messages arrive over TLS.

The certificates are in \`certs/\`; this demo CA's passphrase is \`${DEMO_PASSPHRASE}\`.
The folder is made anew at each start; the one before is kept beside it as \`demo-workspace.previous\`.
`;
}
