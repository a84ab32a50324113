// `tsx scripts/demoBuild.ts SKETCH`: packs a sketch folder into an image for the virtual board, as a toolchain would
// compile it for a real one. Writes SKETCH/build/.

const sketch = process.argv[2];
if (!sketch) {
  console.error('usage: demoBuild.ts SKETCH');
  process.exit(2);
}
