import assert from 'node:assert/strict';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, it } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { readFlashInputs } from '../../../src/io/flash/flashInputs';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';
import { temporaryFolder } from '../../support/temporaryFolder';

let folder = '';
before(async () => {
  folder = temporaryFolder('inputs');
});

async function build(name: string, files: Record<string, Uint8Array | string>): Promise<string> {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}
const placed = async (...inputs: string[]) =>
  (await readFlashInputs(inputs)).files.map(({ offset, name }) => `0x${offset.toString(16)} ${name}`);

it('takes offsets and files in turn', async () => {
  const root = await build('pairs', { 'a.bin': firmwareImage(), 'b.bin': firmwareImage() });
  assert.deepEqual(await placed('0x10000', join(root, 'b.bin'), '4096', join(root, 'a.bin')), [
    '0x1000 a.bin',
    '0x10000 b.bin',
  ]);
});

it("takes ESP-IDF's flasher_args.json and its folder, with paths relative to it and its chip", async () => {
  const root = await build('idf', {
    'bootloader/bootloader.bin': firmwareImage(),
    'partition_table/partition-table.bin': partitionTable(),
    'demo.bin': firmwareImage(),
    'flasher_args.json': JSON.stringify({
      write_flash_args: ['--flash_mode', 'dio'],
      flash_files: {
        '0x1000': 'bootloader/bootloader.bin',
        '0x8000': 'partition_table/partition-table.bin',
        '0x10000': 'demo.bin',
      },
      app: { offset: '0x10000', file: 'demo.bin', encrypted: 'false' },
      extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip: 'esp32' },
    }),
  });
  const expected = ['0x1000 bootloader.bin', '0x8000 partition-table.bin', '0x10000 demo.bin'];
  assert.deepEqual(await placed(join(root, 'flasher_args.json')), expected);
  assert.deepEqual(await placed(root), expected);
  assert.equal((await readFlashInputs([root])).builtFor?.name, 'ESP32');
});

it('takes an arduino-cli build: bootloader by its chip, application by the table, OTA data blank', async () => {
  const files = {
    'x.ino.bin': firmwareImage({ chipId: 5 }),
    'x.ino.bootloader.bin': firmwareImage({ chipId: 5 }),
    'x.ino.partitions.bin': partitionTable(),
    'x.ino.elf': 'elf',
    'x.ino.merged.bin': 'unused',
  };
  assert.deepEqual(await placed(await build('arduino', files)), [
    '0x0 x.ino.bootloader.bin',
    '0x8000 x.ino.partitions.bin',
    '0xe000 blank OTA data',
    '0x10000 x.ino.bin',
  ]);
});

it('takes an ESP8266 build at 0', async () => {
  assert.deepEqual(await placed(await build('8266', { 'x.ino.bin': firmwareImage() })), ['0x0 x.ino.bin']);
});

it("takes PlatformIO's build with and without idedata.json", async () => {
  const root = await build('pio', {
    'firmware.bin': firmwareImage(),
    'bootloader.bin': firmwareImage(),
    'partitions.bin': partitionTable(),
  });
  assert.deepEqual(await placed(root), [
    '0x1000 bootloader.bin',
    '0x8000 partitions.bin',
    '0xe000 blank OTA data',
    '0x10000 firmware.bin',
  ]);
  await writeFile(join(root, 'boot_app0.bin'), Buffer.alloc(8192, 1));
  const flash_images = [
    { offset: '0x1000', path: join(root, 'bootloader.bin') },
    { offset: '0xe000', path: join(root, 'boot_app0.bin') },
  ];
  await writeFile(
    join(root, 'idedata.json'),
    JSON.stringify({ extra: { flash_images, application_offset: '0x20000' } }),
  );
  assert.deepEqual(await placed(root), ['0x1000 bootloader.bin', '0xe000 boot_app0.bin', '0x20000 firmware.bin']);
});

it('takes an image of the whole flash at 0', async () => {
  const whole = Buffer.alloc(0x11000, 0xff);
  whole.set(partitionTable(), 0x8000);
  const root = await build('merged', { 'whole.bin': whole });
  assert.deepEqual(await placed(join(root, 'whole.bin')), ['0x0 whole.bin']);
});

it('says what is wrong with the input', async () => {
  const root = await build('wrong', { 'app.bin': firmwareImage(), 'empty/readme.txt': 'x', 'bad.json': '{"a":' });
  const app = join(root, 'app.bin');
  await assert.rejects(readFlashInputs([app]), { code: 'offset-missing' });
  await assert.rejects(readFlashInputs(['0x1000', app, '0x2000']), { code: 'offset-invalid' });
  await assert.rejects(readFlashInputs([join(root, 'none.bin')]), {
    code: 'file-unreadable',
    message: /does not exist/,
  });
  await assert.rejects(readFlashInputs(['0x0', root]), { code: 'file-unreadable', message: /folder/ });
  await assert.rejects(readFlashInputs([join(root, 'empty')]), {
    code: 'no-build',
    message: /Build the project first/,
  });
  await assert.rejects(readFlashInputs([join(root, 'bad.json')]), { code: 'flasher-args-invalid' });
  await assert.rejects(readFlashInputs([]), { code: 'nothing-to-flash' });
});

it('an offset without its file is not looked for as a file', async () => {
  await assert.rejects(readFlashInputs(['0x10000']), /every offset a file/);
});

it('takes a project folder by its build, a merged image in it, and idedata.json by its name', async () => {
  const whole = Buffer.alloc(0x11000, 0xff);
  whole.set(partitionTable(), 0x8000);
  const root = await build('project', { 'build/app-merged.bin': whole, 'main.c': '' });
  assert.deepEqual(await placed(root), ['0x0 app-merged.bin']);
  const pio = await build('pio-json', {
    'firmware.bin': firmwareImage(),
    'idedata.json': JSON.stringify({ extra: { flash_images: [], application_offset: '0x10000' } }),
  });
  assert.deepEqual(await placed(join(pio, 'idedata.json')), ['0x10000 firmware.bin']);
  assert.deepEqual(await placed(pio), ['0x10000 firmware.bin']);
});

it('an offset may be hexadecimal in either case or decimal, and nothing else', async () => {
  const root = await build('offsets', { 'a.bin': firmwareImage() });
  const app = join(root, 'a.bin');
  assert.deepEqual(await placed('0X1000', app), ['0x1000 a.bin']);
  assert.deepEqual(await placed('65536', app), ['0x10000 a.bin']);
  for (const offset of ['-1', '0x', '1e4', 'app', '0x1000 ', '1.5', ''])
    await assert.rejects(readFlashInputs([offset, app]), UserError, `"${offset}"`);
  await assert.rejects(readFlashInputs(['0XABC']), { code: 'offset-invalid' });
});

it('what is larger than any flash is not even read', async () => {
  const root = await build('large', { 'flash.bin': '' });
  const path = join(root, 'flash.bin');
  await truncate(path, 128 * 1024 * 1024 + 1);
  await assert.rejects(readFlashInputs(['0x0', path]), { code: 'image-too-large', message: /\(134217729 bytes\)/ });
  await assert.rejects(readFlashInputs([path]), { code: 'image-too-large' });
});

it('a file that a build names and that is gone is named with the way to it', async () => {
  const root = await build('gone', {
    'flasher_args.json': JSON.stringify({
      flash_files: { '0x10000': 'demo.bin' },
      extra_esptool_args: { chip: 'esp32' },
    }),
  });
  await assert.rejects(readFlashInputs([root]), {
    code: 'file-unreadable',
    message: /gone.demo\.bin does not exist\. Check the path, or build the project first/,
  });
});
