// `tsx scripts/demoBuild.ts SKETCH`: packs a sketch folder into an image for the virtual board, as a toolchain would
// compile it for a real one. Writes SKETCH/build/ as `idf.py build` leaves it.
import { relative, resolve } from 'node:path';
import { buildDemoImageFromSketch, writeDemoBuild } from '../test/virtualBoard/demoImage';

async function main(): Promise<void> {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: demoBuild.ts SKETCH');
  const sketch = resolve(folder);
  const written = await writeDemoBuild(sketch, await buildDemoImageFromSketch(sketch));
  console.log(`Built ${relative(process.cwd(), written)}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
