// Packages the extension as dist/secure-iot.vsix (one for all platforms) and holds it to its size gate.
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';

const GATE_BYTES = 5 * 1024 * 1024;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packagePath = join(root, 'dist/secure-iot.vsix');
await createVSIX({
  cwd: root,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const { size } = await stat(packagePath);
console.log(`${packagePath}: ${(size / 1024 / 1024).toFixed(2)} MB`);
if (size > GATE_BYTES) {
  console.error(
    `The VSIX is over its gate of ${GATE_BYTES / 1024 / 1024} MB: see what grew with "unzip -lv ${packagePath}".`,
  );
  process.exit(1);
}
