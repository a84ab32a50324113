import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findElf, resolveAddresses } from '../../../src/io/decode/addressResolver';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

test('resolves an address to function, file and line', { timeout: 30_000 }, async (t) => {
  const gcc = requireTool(t, 'gcc');
  if (!gcc || !requireTool(t, 'nm') || !requireTool(t, 'addr2line')) return;
  const dir = temporaryFolder('elf');
  await writeFile(join(dir, 'app.c'), 'int crash(void) { return 1; }\n\nint main(void) { return crash(); }\n');
  execFileSync(gcc, [
    '-g',
    '-O0',
    '-no-pie',
    '-Wl,-Ttext-segment=0x400d0000',
    '-o',
    join(dir, 'app.elf'),
    join(dir, 'app.c'),
  ]);
  const symbols = execFileSync('nm', [join(dir, 'app.elf')], { encoding: 'utf8' });
  const address = `0x${/([0-9a-f]{8}) T crash/.exec(symbols)?.[1]}`;
  const [frame] = await resolveAddresses(join(dir, 'app.elf'), [address]);
  assert.deepEqual(frame, { address, function: 'crash', file: join(dir, 'app.c'), line: 1 });
});

test('finds the ELF file beside a PlatformIO build', async () => {
  const dir = temporaryFolder('elf');
  const build = join(dir, '.pio/build/esp32dev');
  await mkdir(build, { recursive: true });
  for (const name of ['firmware.bin', 'firmware.elf', 'bootloader.bin']) await writeFile(join(build, name), '');
  assert.equal(await findElf(dir), join(build, 'firmware.elf'));
});

test('says what is wrong with a file that is no ELF', async () => {
  const dir = temporaryFolder('elf');
  await writeFile(join(dir, 'firmware.bin'), 'this is certainly not an ELF file');
  await assert.rejects(resolveAddresses(join(dir, 'firmware.bin'), ['0x400d0000']), { code: 'not-an-elf' });
  await assert.rejects(resolveAddresses(join(dir, 'none.elf'), ['0x400d0000']), { code: 'elf-not-found' });
});
