// Firmware for the virtual board, in real formats: application, bootloader, partition table, and ESP-IDF's build folder.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { esp32 } from './chipEsp32';
import type { ChipModel } from './chipModel';
import { type DemoConfig, encodeDemoConfig } from './demoConfig';
import { buildEspImage } from './espImage';
import { buildPartitionTable, demoPartitions } from './partitions';
import { readSketch } from './sketchConfig';

export const PARTITION_TABLE_OFFSET = 0x8000;
export const APP_OFFSET = 0x10000;

/** About what an Arduino sketch with Wi-Fi, TLS and MQTT weighs is 900 KiB; a third of that flashes in demo time. */
const DEFAULT_CODE_BYTES = 288 * 1024;

export interface DemoImageOptions {
  readonly name?: string;
  readonly version?: string;
  /** Bytes of made-up code; they compress about as well as real code does. */
  readonly codeBytes?: number;
  /** The ESP32 without it. */
  readonly chip?: ChipModel;
}

/** An application image for APP_OFFSET. The private key is inside, as it is in a sketch's. */
export function buildDemoImage(config: DemoConfig, options: DemoImageOptions = {}): Uint8Array {
  const description = appDescription(options.name ?? 'secure-iot-demo', options.version ?? '1.0.0');
  const segments = [
    { address: 0x3f400020, data: concat(description, encodeDemoConfig(config)) },
    { address: 0x3ffb0000, data: madeUpCode(4096, 3) },
    { address: 0x40080000, data: madeUpCode(options.codeBytes ?? DEFAULT_CODE_BYTES, 1) },
  ];
  return buildEspImage(0x40081000, segments, (options.chip ?? esp32).imageId);
}

/** The application image of a generated sketch: the "build" of the demo workspace. */
export async function buildDemoImageFromSketch(folder: string, options: DemoImageOptions = {}): Promise<Uint8Array> {
  return buildDemoImage(await readSketch(folder), options);
}

export interface FlashFile {
  readonly offset: number;
  readonly name: string;
  readonly data: Uint8Array;
}

/** A second stage bootloader's image: nothing in it runs, its header, checksum and hash are real. */
export function buildDemoBootloader(chip: ChipModel = esp32): Uint8Array {
  const segments = [
    { address: 0x3fff0030, data: concat(bootloaderDescription(), madeUpCode(4096, 7)) },
    { address: 0x40078000, data: madeUpCode(12 * 1024, 5) },
    { address: 0x40080400, data: madeUpCode(3 * 1024, 9) },
  ];
  return buildEspImage(0x40080580, segments, chip.imageId);
}

/** Everything a blank board needs, in the order of their offsets. The ESP8266 has its application at 0 and no more. */
export function buildDemoFlashFiles(app: Uint8Array, name = 'secure-iot-demo', chip: ChipModel = esp32): FlashFile[] {
  if (chip.imageId === undefined) return [{ offset: 0, name: `${name}.bin`, data: app }];
  return [
    { offset: chip.bootloaderOffset, name: 'bootloader/bootloader.bin', data: buildDemoBootloader(chip) },
    {
      offset: PARTITION_TABLE_OFFSET,
      name: 'partition_table/partition-table.bin',
      data: buildPartitionTable(demoPartitions),
    },
    { offset: APP_OFFSET, name: `${name}.bin`, data: app },
  ];
}

/** Writes `build/` as `idf.py build` leaves it, with its flasher_args.json; returns that file's path. */
export async function writeDemoBuild(folder: string, app: Uint8Array, name = 'secure-iot-demo'): Promise<string> {
  const build = join(folder, 'build');
  const files = buildDemoFlashFiles(app, name);
  for (const file of files) {
    await mkdir(dirname(join(build, file.name)), { recursive: true });
    await writeFile(join(build, file.name), file.data);
  }
  const [bootloader, table, application] = files.map(({ offset, name: file }) => ({
    offset: `0x${offset.toString(16)}`,
    file,
    encrypted: 'false',
  }));
  const args = {
    write_flash_args: ['--flash_mode', 'dio', '--flash_size', '4MB', '--flash_freq', '40m'],
    flash_settings: { flash_mode: 'dio', flash_size: '4MB', flash_freq: '40m' },
    flash_files: Object.fromEntries(files.map(({ offset, name: file }) => [`0x${offset.toString(16)}`, file])),
    bootloader,
    app: application,
    'partition-table': table,
    extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip: 'esp32' },
  };
  const path = join(build, 'flasher_args.json');
  await writeFile(path, `${JSON.stringify(args, null, 4)}\n`);
  return path;
}

/** esp_app_desc_t, 256 bytes: components/esp_app_format/include/esp_app_desc.h. */
function appDescription(name: string, version: string): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string, room: number) =>
    bytes.set(new TextEncoder().encode(value).subarray(0, room - 1), at);
  view.setUint32(0, 0xabcd5432, true);
  text(16, version, 32);
  text(48, name, 32);
  text(80, '12:00:00', 16);
  text(96, 'Jan  1 2026', 16);
  text(112, 'virtual', 32);
  bytes.set(createHash('sha256').update(`${name} ${version}`).digest(), 144);
  view.setUint16(178, 0xffff, true);
  return bytes;
}

/** esp_bootloader_desc_t, 80 bytes: components/esp_bootloader_format/include/esp_bootloader_desc.h. */
function bootloaderDescription(): Uint8Array {
  const bytes = new Uint8Array(80);
  bytes[0] = 80;
  bytes[4] = 1;
  bytes.set(new TextEncoder().encode('virtual'), 8);
  bytes.set(new TextEncoder().encode('Jan  1 2026 12:00:00'), 40);
  return bytes;
}

/** Repeatable bytes with the redundancy of machine code: deflate takes them to about two thirds. */
function madeUpCode(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  const random = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let at = 0; at < length; ) {
    const end = Math.min(length, at + 3 + random(12));
    const distance = at > 64 && random(100) < 55 ? 16 + random(Math.min(at - 16, 8192)) : 0;
    for (; at < end; at++) bytes[at] = distance > 0 ? (bytes[at - distance] ?? 0) : random(256);
  }
  return bytes;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
