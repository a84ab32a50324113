// `npm run bench [PART …]`: runs test/bench/*.bench.ts, each in a process of its own, and prints the ratios they measure
// (ours against a named peer or the raw limit, both in the same run). Never an absolute time as a promise.
// A bench file is a program that prints lines through `test/bench/support/ratio.ts`.
import './nodeVersion.mjs';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test/bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error(`No bench matches ${wanted.join(' ')}.`);
  process.exit(2);
}
spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
let failed = 0;
for (const file of files) {
  console.log(`\n# ${file.replace('.bench.ts', '')}`);
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--require', join(root, 'scripts/typescript.cjs'), join('test/bench', file)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (status !== 0) failed += 1;
}
process.exit(failed ? 1 : 0);
