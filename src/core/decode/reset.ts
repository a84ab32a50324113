// Why the chip started again, and what its ROM and bootloader say when they cannot start the firmware.
import type { DecodeContext } from './context';
import { findPhrases, type Phrase } from './phrases';
import type { Recognizer } from './recognizer';
import table from './tables/resetReasons.json';

const CHIPS: Readonly<Record<string, Readonly<Record<string, string>>>> = table.chips;

/** Power on, software, deep sleep, USB and the reset pin are no errors. */
const BAD = /WDT|BROWN|GLITCH|INTRUSION|EFUSE|CRC/;

function romReason(match: RegExpExecArray, context: DecodeContext): string | undefined {
  const printed = match[3];
  const code = String(Number.parseInt(match[2] ?? '', 16));
  const name = printed && /^[A-Z0-9_]+$/.test(printed) ? printed : CHIPS[context.chip ?? 'esp32']?.[code];
  return name && BAD.test(name) ? name : undefined;
}

/** ESP8266: bootloader's "rst cause:N", as in user_interface.h; 2 is the reset pin or a crash that was printed before. */
const ESP8266: Readonly<Record<string, string>> = { '4': 'HW_WDT' };

const PHRASES: readonly Phrase[] = [
  { pattern: /\b(rst:(0x[0-9a-f]+)(?: \(([^)]+)\))?)/i, name: romReason, code: (match) => `rst:${match[2]}` },
  { pattern: /\b(rst cause:(\d))/, name: (match) => ESP8266[match[2] ?? ''] },
  {
    pattern: /\bboot mode:(\([1-7],\d\))/,
    name: (match) => (match[1]?.startsWith('(1,') ? 'BOOT_UART_DOWNLOAD' : undefined),
  },
  { pattern: /\bboot:0x[0-9a-f]+ \((DOWNLOAD[^)]*)/, name: 'BOOT_UART_DOWNLOAD', also: ['WAITING_FOR_DOWNLOAD'] },
  { pattern: /(Brownout detector was triggered)/i, name: 'Brownout' },
  { pattern: /((?:PRO |APP )?CPU\d? has been reset by WDT)/, name: 'WDT' },
  { pattern: /(Soft WDT reset)/i, name: 'SOFT_WDT' },
  { pattern: /^(?:[\d:.,\-T\s>[\]]*)(wdt reset)/i, name: 'HW_WDT', quietFor: 3 },
  { pattern: /(Hardware Watchdog|Hardware WDT reset)/i, name: 'HW_WDT' },
  { pattern: /(flash read err, ?\d+)/, name: 'FlashReadErr' },
  { pattern: /(invalid header: 0x[0-9a-f]+)/i, name: 'InvalidHeader' },
  { pattern: /^[\d:.,\-T\s>[\]]*(csum err|Checksum failure)/, name: 'CSUM_ERR' },
  { pattern: /(waiting for download)/i, name: 'WAITING_FOR_DOWNLOAD' },
  { pattern: /(No bootable app(?: partitions?)?)/i, name: 'NO_BOOTABLE_APP' },
  { pattern: /(invalid segment length 0x[0-9a-f]+)/i, name: 'ESP_IMAGE_INVALID_SEGMENT' },
  { pattern: /(?:esp_image|image at).*(invalid magic byte)/i, name: 'ESP_IMAGE_INVALID_MAGIC' },
  {
    pattern:
      /((?:image length \d+ doesn't fit in partition|image at 0x[0-9a-f]+ .*exceeds|Image doesn't fit|too big for partition|image size \d+ .*(?:exceeds|larger)))/i,
    name: 'ESP_IMAGE_TOO_BIG',
  },
  {
    pattern:
      /flash_parts: (partition \d+ invalid magic number 0x[0-9a-f]+|.*MD5.*(?:mismatch|fail)\w*)|(Failed to verify partition table|load partition table error)/i,
    name: 'PARTITION_TABLE_INVALID',
  },
  {
    pattern: /(Detected size\(\d+k\) smaller than the size in the binary image header)/,
    name: 'FLASH_SIZE_MISMATCH',
  },
  { pattern: /(Checksum failed\. Calculated 0x[0-9a-f]+)/i, name: 'ESP_IMAGE_CHECKSUM_FAILED' },
  { pattern: /esp_image.*(Image hash failed)/i, name: 'ESP_IMAGE_HASH_FAILED' },
  {
    pattern:
      /(secure[ _]?boot.*(?:verif\w+|signature|check).*fail\w*|signature verification failed|secure boot check fail|invalid signature)/i,
    name: 'SECURE_BOOT_VERIFY_FAILED',
  },
];

export const reset: Recognizer = {
  words: [
    'rst:',
    'rst cause',
    'boot mode',
    'boot:0x',
    'flash_parts',
    'partition table',
    'detected size',
    'boot v2',
    'boot',
    'brownout',
    'wdt reset',
    'by wdt',
    'flash read',
    'invalid ',
    'csum err',
    'checksum failure',
    'waiting for d',
    'no bootable',
    'image',
    'checksum failed',
    'signature',
    'hardware w',
  ],
  find: (line, context) => findPhrases(PHRASES, 'reset', line, context),
};
