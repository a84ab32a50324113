// Builds dist/: extension.js (what activation needs), features.js (the rest) and cli.js (our code), webview/ (browser code), vendor/ (one lazy file per library) and
// prebuilds/ (serialport's native binaries). `--watch` rebuilds. `--neutral-only` just proves that core is pure.
//
// Why vendor/: our own code is one small bundle, and `import('mqtt')` in src/io becomes `require('./vendor/mqtt.js')`,
// so activation parses none of the libraries and the extension and the command line share them.
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { splitBundle } from './splitBundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const watch = process.argv.includes('--watch');

/** Library as src/io imports it -> the file in dist/vendor. */
export const vendors = {
  serialport: `export { SerialPort } from 'serialport';`,
  mqtt: `export * from 'mqtt'; import m from 'mqtt'; export default m;`,
  'esptool-js': `export * from 'esptool-js';`,
  '@peculiar/x509': `import 'reflect-metadata'; export * from '@peculiar/x509';`,
  uqr: `export { renderSVG } from 'uqr';`,
  aedes: `export * from 'aedes';`,
  ws: `import ws from 'ws'; export default ws; export const { WebSocketServer, createWebSocketStream } = ws;`,
};
const vendorFile = (name) => `${name.replace('@', '').replace('/', '-')}.js`;

const lazyVendors = {
  name: 'lazy-vendors',
  setup(build) {
    const names = Object.keys(vendors).map((name) => name.replace(/[/-]/g, '\\$&'));
    build.onResolve({ filter: new RegExp(`^(${names.join('|')})$`) }, ({ path }) => ({
      path: `./vendor/${vendorFile(path)}`,
      external: true,
    }));
  },
};

const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: false,
  // Identifiers stay: stack traces in the log stay readable, and `keepNames` would run a call for every function at load.
  minifyWhitespace: !watch,
  minifySyntax: !watch,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
};

/** core alone, no platform and no externals: a value import of `vscode` or `node:*` fails here. */
async function proveCoreNeutral() {
  const files = (await readdir(join(root, 'src/core'), { recursive: true })).filter(
    (f) => f.endsWith('.ts') && !f.endsWith('.d.ts'),
  );
  const contents = files.map((f) => `import ${JSON.stringify(`./src/core/${f}`)};`).join('\n');
  await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'neutral',
    write: false,
    logLevel: 'error',
    absWorkingDir: root,
  });
}

async function notices(metafiles) {
  const packages = new Set();
  for (const meta of metafiles)
    for (const input of Object.keys(meta.inputs)) {
      const match = /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) packages.add(match[0]);
    }
  let text = 'Secure IoT contains these packages, each under its own licence.\n';
  for (const path of [...packages].sort()) {
    const folder = join(root, path);
    const { readFile } = await import('node:fs/promises');
    const info = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}'));
    if (!info.name) continue;
    const licenceFile = (await readdir(folder)).find((f) => /^(licen[cs]e|copying)/i.test(f));
    const licence = licenceFile ? await readFile(join(folder, licenceFile), 'utf8').catch(() => '') : '';
    text += `\n${'-'.repeat(80)}\n${info.name} ${info.version} (${info.license ?? 'see below'})\n\n${licence.trim()}\n`;
  }
  await writeFile(join(dist, 'THIRD_PARTY_NOTICES.txt'), text);
}

await proveCoreNeutral();
if (process.argv.includes('--neutral-only')) process.exit(0);

await mkdir(dist, { recursive: true });
for (const entry of await readdir(dist)) // a package made before stays until the next one takes its place
  if (!entry.endsWith('.vsix')) await rm(join(dist, entry), { recursive: true, force: true });
const exists = async (file) => (await import('node:fs')).existsSync(join(root, file));

const own = {
  ...node,
  entryPoints: { cli: 'src/cli.ts', fleetWorker: 'src/io/pki/fleetWorker.ts' },
  outdir: 'dist',
  plugins: [lazyVendors],
  metafile: true,
};
const extension = { ...node, outdir: 'dist', name: 'extension', external: ['vscode'], plugins: [lazyVendors] };
const webviews = (await exists('webview/explorer/main.ts'))
  ? {
      entryPoints: { explorer: 'webview/explorer/main.ts' },
      outdir: 'dist/webview',
      bundle: true,
      platform: 'browser',
      target: 'chrome128',
      format: 'iife',
      minify: !watch,
      logLevel: 'warning',
      absWorkingDir: root,
      loader: { '.ttf': 'file', '.svg': 'text' },
      metafile: true,
    }
  : undefined;

const metafiles = [];
for (const [name, contents] of Object.entries(vendors)) {
  const result = await esbuild.build({
    ...node,
    minify: true,
    stdin: { contents, resolveDir: root, loader: 'js' },
    outfile: join('dist/vendor', vendorFile(name)),
    metafile: true,
    external: ['bufferutil', 'utf-8-validate'],
  });
  metafiles.push(result.metafile);
}
await cp(join(root, 'node_modules/@serialport/bindings-cpp/prebuilds'), join(dist, 'prebuilds'), { recursive: true });

if (watch) {
  // One file here: splitting takes two passes, and who watches does not measure activation.
  const entryPoints = { extension: 'src/extension.ts' };
  const whole = { ...node, entryPoints, outdir: 'dist', external: ['vscode'], plugins: [lazyVendors] };
  await (await esbuild.context(whole)).watch();
  for (const options of [own, webviews].filter(Boolean)) await (await esbuild.context(options)).watch();
  console.log(`watching; output in ${relative(process.cwd(), dist)}`);
} else {
  metafiles.push(...(await splitBundle('src/extension.ts', extension)));
  for (const options of [own, webviews].filter(Boolean)) metafiles.push((await esbuild.build(options)).metafile);
  await notices(metafiles);
}
