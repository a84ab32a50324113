// What the ESP32 prints from reset to the application: ROM, second stage bootloader, and their complaints.
import { type DemoConfig, findDemoConfig } from './demoConfig';
import { BOOTLOADER_OFFSET, PARTITION_TABLE_OFFSET } from './demoImage';
import { checkEspImage, hex } from './espImage';
import type { FlashChip } from './flashChip';
import { readPartitionTable } from './partitions';

const BANNER = 'ets Jun  8 2016 00:22:57\r\n\r\n';

export type ResetCause = 'POWERON_RESET' | 'SW_CPU_RESET' | 'RTCWDT_RTC_RESET';
const causeNumber: Record<ResetCause, string> = { POWERON_RESET: '0x1', SW_CPU_RESET: '0xc', RTCWDT_RTC_RESET: '0x10' };

export const DOWNLOAD_STRAP = 0x03;
export const RUN_STRAP = 0x13;

export function downloadMessage(cause: ResetCause): string {
  return `${resetLine(cause, 'boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))')}waiting for download\r\n`;
}

export interface BootResult {
  readonly text: string;
  /** What runs now; undefined means that the watchdog will reset the chip. */
  readonly application?: { readonly config: DemoConfig | undefined };
}

export function bootFromFlash(flash: FlashChip, cause: ResetCause): BootResult {
  const head = resetLine(cause, 'boot:0x13 (SPI_FAST_FLASH_BOOT)');
  const loader = checkEspImage(flash.bytes, BOOTLOADER_OFFSET);
  if (!loader.ok) {
    const word = new DataView(flash.bytes.buffer).getUint32(BOOTLOADER_OFFSET, true);
    return { text: head + `invalid header: 0x${word.toString(16).padStart(8, '0')}\r\n`.repeat(8) };
  }
  const rom = [
    'configsip: 0, SPIWP:0xee',
    'clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00',
    'mode:DIO, clock div:2',
    ...loader.segments.map((segment) => `load:0x${segment.address.toString(16)},len:${segment.data.length}`),
    `entry 0x${loader.entry.toString(16)}`,
    'I (29) boot: ESP-IDF virtual 2nd stage bootloader',
    'I (29) boot: compile time Jan  1 2026 12:00:00',
    'I (30) boot: chip revision: v1.0',
    'I (34) boot.esp32: SPI Speed      : 40MHz',
    'I (38) boot.esp32: SPI Mode       : DIO',
    `I (43) boot.esp32: SPI Flash Size : ${flash.size / 1024 / 1024}MB`,
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

function resetLine(cause: ResetCause, boot: string): string {
  return `${BANNER}rst:${causeNumber[cause]} (${cause}),${boot}\r\n`;
}

function magic(flash: FlashChip, offset: number): string {
  return new DataView(flash.bytes.buffer).getUint16(offset, true).toString(16);
}
