// Writes what src/contributions declares into package.json; with --check it only says whether they agree.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { outputFiles } = await esbuild.build({
  entryPoints: [join(root, 'src/contributions/manifest.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const { manifest } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
const file = join(root, 'package.json');
const before = await readFile(file, 'utf8');
const after = `${JSON.stringify({ ...JSON.parse(before), ...manifest() }, null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (JSON.stringify(JSON.parse(before)) !== JSON.stringify(JSON.parse(after))) {
    console.error('package.json does not agree with src/contributions: run `npm run contributions`.');
    process.exit(1);
  }
} else if (before !== after) await writeFile(file, after);
