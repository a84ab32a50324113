// `tsx scripts/demoBuild.ts SKETCH`: packs a sketch folder into an image for the virtual board, as a toolchain would
// compile it for a real one. Writes SKETCH/build/ in the layout of ESP-IDF, with its flasher_args.json.
import { basename, resolve } from 'node:path';
import { buildDemoImageFromSketch, writeDemoBuild } from '../test/virtualBoard/demoImage';

async function main(): Promise<void> {
  const sketch = process.argv[2];
  if (!sketch) {
    console.error('usage: demoBuild.ts SKETCH');
    process.exit(2);
  }
  const name = basename(resolve(sketch));
  console.log(`wrote ${await writeDemoBuild(sketch, await buildDemoImageFromSketch(sketch, { name }), name)}`);
}

main().catch((error: Error) => {
  console.error(`The demo firmware could not be built: ${error.message}`);
  process.exit(1);
});
