// What the ROM and the bootloader say when they cannot start the firmware: flash, image, partition table, secure boot.

import { atLineStart } from './lineStart';
import { findPhrases, type Phrase } from './phrases';
import type { Recognizer } from './recognizer';

const PHRASES: readonly Phrase[] = [
  // ESP8266's ROM: mode (1,x) is GPIO0 low
  { pattern: /\bboot mode:(\(1,\d\))/, name: 'BOOT_UART_DOWNLOAD' },
  { pattern: /\bboot:0x[0-9a-f]+ \((DOWNLOAD[^)]*)/, name: 'BOOT_UART_DOWNLOAD', also: ['WAITING_FOR_DOWNLOAD'] },
  { pattern: /(?<![a-z]{2} )(waiting for download)\s*$/i, name: 'WAITING_FOR_DOWNLOAD' },
  { pattern: /(flash read err, ?\d+)/, name: 'FlashReadErr' },
  { pattern: /(invalid header: 0x[0-9a-f]+)/i, name: 'InvalidHeader' },
  { pattern: atLineStart('(csum err|Checksum failure)'), name: 'CSUM_ERR' },
  // components/bootloader_support/src/bootloader_utility.c
  {
    pattern: /(No bootable app(?: partitions?)?|(?:Factory|OTA|Test) app partition .*is not bootable)/i,
    name: 'NO_BOOTABLE_APP',
  },
  // esp_image_format.c, esp_ota_ops.c
  {
    pattern: /(invalid segment length 0x[0-9a-f]+|Segment \d+ .*(?:bad load address range|doesn't match data))/i,
    name: 'ESP_IMAGE_INVALID_SEGMENT',
  },
  { pattern: /(?:image|boot).*(invalid magic byte)/i, name: 'ESP_IMAGE_INVALID_MAGIC' },
  {
    pattern:
      /((?:image length \d+ doesn't fit in partition|image at 0x[0-9a-f]+ .*exceeds|Image doesn't fit|too big for partition|image size \d+ .*(?:exceeds|larger)))/i,
    name: 'ESP_IMAGE_TOO_BIG',
  },
  { pattern: /(Checksum failed\. Calculated 0x[0-9a-f]+)/i, name: 'ESP_IMAGE_CHECKSUM_FAILED' },
  { pattern: /(Image hash failed|SHA-256 comparison failed)/i, name: 'ESP_IMAGE_HASH_FAILED' },
  { pattern: /(mismatch chip ID, expected \d+, found \d+|is not for this chip)/i, name: 'ESP_IMAGE_WRONG_CHIP' },
  {
    pattern:
      /flash_parts: (partition \d+ invalid\b(?: magic number 0x[0-9a-f]+)?|.{0,60}MD5.{0,60}(?:mismatch|fail)\w*)|(Failed to verify partition table|load partition table error)/i,
    name: 'PARTITION_TABLE_INVALID',
  },
  {
    pattern: /(Detected size\(\d+k\) smaller than the size in the binary image header)/,
    name: 'FLASH_SIZE_MISMATCH',
  },
  {
    pattern:
      /(secure[ _-]?boot.*(?:verif\w+|signature|check).*fail\w*|secure[ -]boot check fail|Sig block \d invalid)/i,
    name: 'SECURE_BOOT_VERIFY_FAILED',
  },
  {
    pattern: /(?:boot|image|ota|signed).*(signature verification failed|invalid signature)/i,
    name: 'SECURE_BOOT_VERIFY_FAILED',
  },
  { pattern: /flash_encrypt: (.*\b(?:error|fail(?:ed|ure)?)\b.*)/i, name: 'FLASH_ENCRYPTION_FAILED' },
];

export const bootErrors: Recognizer = {
  words: [
    'boot mode',
    'boot:0x',
    'boot',
    'flash_',
    'partition table',
    'detected size',
    'flash read',
    'invalid ',
    'csum err',
    'checksum failure',
    'checksum failed',
    'sha-256 c',
    'waiting for d',
    'image',
    'chip',
    'signature',
    'sig block',
  ],
  find: (line, context) => findPhrases(PHRASES, 'reset', line, context),
};
