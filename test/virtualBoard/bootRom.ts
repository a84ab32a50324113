// What a chip prints from reset to the application: ROM, second stage bootloader, and their complaints.

import type { ChipModel, ResetCause } from './chipModel';
import { type DemoConfig, findDemoConfig } from './demoConfig';
import { PARTITION_TABLE_OFFSET } from './demoImage';
import { checkEspImage, hex } from './espImage';
import type { FlashChip } from './flashChip';
import { readPartitionTable } from './partitions';

export function downloadMessage(model: ChipModel, cause: ResetCause): string {
  const line = model.bootLine(cause, true);
  return model.statusBytes === 2
    ? line
    : `${line}waiting for download
`;
}

export interface BootResult {
  readonly text: string;
  /** What runs now; undefined means that the watchdog will reset the chip. */
  readonly application?: { readonly config: DemoConfig | undefined };
}

export function bootFromFlash(model: ChipModel, flash: FlashChip, cause: ResetCause): BootResult {
  const head = model.bootLine(cause, false);
  if (model.imageId === undefined) return bootEsp8266(flash, head);
  const loader = checkEspImage(flash.bytes, model.bootloaderOffset);
  if (!loader.ok) {
    const word = new DataView(flash.bytes.buffer).getUint32(model.bootloaderOffset, true);
    return { text: head + `invalid header: 0x${word.toString(16).padStart(8, '0')}\r\n`.repeat(8) };
  }
  const target = model.name.toLowerCase().replace('-', '');
  const rom = [
    'configsip: 0, SPIWP:0xee',
    'clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00',
    'mode:DIO, clock div:2',
    ...loader.segments.map((segment) => `load:0x${segment.address.toString(16)},len:${segment.data.length}`),
    `entry 0x${loader.entry.toString(16)}`,
    'I (29) boot: ESP-IDF virtual 2nd stage bootloader',
    'I (29) boot: compile time Jan  1 2026 12:00:00',
    'I (30) boot: chip revision: v1.0',
    `I (34) boot.${target}: SPI Speed      : 40MHz`,
    `I (38) boot.${target}: SPI Mode       : DIO`,
    `I (43) boot.${target}: SPI Flash Size : ${flash.size / 1024 / 1024}MB`,
  ];
  const body = secondStage(flash);
  return { ...body, text: head + [...rom, ...body.lines].map((line) => `${line}\r\n`).join('') };
}

function secondStage(flash: FlashChip): { lines: string[]; application?: { config: DemoConfig | undefined } } {
  const partitions = readPartitionTable(flash.bytes, PARTITION_TABLE_OFFSET);
  if (!partitions) {
    return {
      lines: [
        `E (51) flash_parts: partition 0 invalid magic number 0x${magic(flash, PARTITION_TABLE_OFFSET)}`,
        'E (58) boot: Failed to verify partition table',
        'E (63) boot: load partition table error!',
      ],
    };
  }
  const lines = [
    'I (47) boot: Partition Table:',
    'I (51) boot: ## Label            Usage          Type ST Offset   Length',
  ];
  partitions.forEach((p, i) => {
    const word = (value: number) => value.toString(16).padStart(8, '0');
    const byte = (value: number) => value.toString(16).padStart(2, '0');
    const usage = p.type === 0 ? 'factory app' : 'data';
    lines.push(
      `I (${58 + i * 7}) boot: ${String(i).padStart(2)} ${p.label.padEnd(16)} ${usage.padEnd(16)} ` +
        `${byte(p.type)} ${byte(p.subtype)} ${word(p.offset)} ${word(p.size)}`,
    );
  });
  lines.push('I (91) boot: End of partition table');
  const partition = partitions.find(({ type }) => type === 0);
  if (!partition) return { lines: [...lines, 'E (95) boot: No bootable app partitions in the partition table'] };
  const app = checkEspImage(flash.bytes, partition.offset);
  if (!app.ok) {
    return {
      lines: [
        ...lines,
        `E (98) esp_image: ${app.fault}`,
        'E (104) boot: Factory app partition is not bootable',
        'E (110) boot: No bootable app partitions in the partition table',
      ],
    };
  }
  app.segments.forEach(({ address, data }, i) => {
    lines.push(
      `I (${98 + i * 20}) esp_image: segment ${i}: vaddr=${address.toString(16)} ` +
        `size=${data.length.toString(16).padStart(5, '0')}h (${String(data.length).padStart(6)}) load`,
    );
  });
  lines.push(`I (190) boot: Loaded app from partition at offset ${hex(partition.offset)}`);
  const config = app.segments.map(({ data }) => findDemoConfig(data)).find((found) => found !== undefined);
  return { lines, application: { config } };
}

/** The ROM loads the application itself; there is neither second stage nor partition table. */
function bootEsp8266(flash: FlashChip, head: string): BootResult {
  const app = checkEspImage(flash.bytes, 0, true);
  if (!app.ok) return { text: head };
  const lines = app.segments.map(({ address, data }) => `load 0x${address.toString(16)}, len ${data.length}, room 16 `);
  const config = app.segments.map(({ data }) => findDemoConfig(data)).find((found) => found !== undefined);
  return { text: [head, ...lines.map((line) => `${line}\r\n`)].join(''), application: { config } };
}

function magic(flash: FlashChip, offset: number): string {
  return new DataView(flash.bytes.buffer).getUint16(offset, true).toString(16);
}
