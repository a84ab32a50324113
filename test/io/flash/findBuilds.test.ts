import assert from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { findBuilds } from '../../../src/io/flash/findBuilds';
import { temporaryFolder } from '../../support/temporaryFolder';

it('finds builds of every kind, the newest first, and leaves libraries alone', async () => {
  const root = temporaryFolder('builds');
  const files = [
    'idf/build/flasher_args.json',
    'arduino/build/esp32.esp32.esp32/x.ino.bin',
    'pio/.pio/build/esp32dev/firmware.bin',
    'release/fw-merged.bin',
    'node_modules/x/build/flasher_args.json',
    'pio/.pio/libdeps/lib/firmware.bin',
  ];
  for (const [age, file] of files.entries()) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), 'x');
    await utimes(join(root, file), 1e9 - age, 1e9 - age);
  }
  const found = await findBuilds(root);
  assert.deepEqual(
    found.map(({ kind, label }) => `${kind}: ${label.replaceAll('\\', '/')}`),
    [
      'ESP-IDF build: idf/build/flasher_args.json',
      'Arduino build: arduino/build/esp32.esp32.esp32',
      'PlatformIO build: pio/.pio/build/esp32dev',
      'Image of the whole flash: release/fw-merged.bin',
    ],
  );
});

it('finds nothing where there is nothing', async () => assert.deepEqual(await findBuilds('/nowhere'), []));
