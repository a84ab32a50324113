// What it means for whoever holds a board that an eFuse is burnt. In our own words; numbers as the chips' technical
// reference manuals have them (chapter "eFuse Controller").

import { oddBits } from './efuseTable';

type Meaning = string | ((value: number) => string | undefined);

const NO_DOWNLOAD = 'Download mode is off: this board cannot be flashed by cable any more.';
const NO_JTAG = 'JTAG is off for ever.';
const ODD_IS_ON = (what: string) => (value: number) =>
  `${what} is ${oddBits(value) ? 'on' : 'off again'}: each change burns one more bit.`;

const MEANINGS: Readonly<Record<string, Meaning>> = {
  WR_DIS: 'Each bit locks a group of eFuses: they stay as they are.',
  RD_DIS: 'Each bit hides a block from software; its key still works inside the chip.',
  FLASH_CRYPT_CNT: ODD_IS_ON('Flash encryption'),
  SPI_BOOT_CRYPT_CNT: ODD_IS_ON('Flash encryption'),
  ABS_DONE_0: 'Secure Boot V1 is on.',
  ABS_DONE_1: 'Secure Boot V2 is on, from chip revision v3.0 on.',
  SECURE_BOOT_EN: 'Secure Boot V2 is on: only signed firmware starts.',
  SECURE_BOOT_KEY_REVOKE0: 'Firmware signed with the first key does not start any more.',
  SECURE_BOOT_KEY_REVOKE1: 'Firmware signed with the second key does not start any more.',
  SECURE_BOOT_KEY_REVOKE2: 'Firmware signed with the third key does not start any more.',
  SECURE_BOOT_AGGRESSIVE_REVOKE: 'A key whose signature fails once is revoked at once.',
  JTAG_DISABLE: NO_JTAG,
  DIS_PAD_JTAG: 'JTAG by the pins is off for ever.',
  HARD_DIS_JTAG: NO_JTAG,
  DIS_USB_JTAG: 'JTAG by USB is off.',
  SOFT_DIS_JTAG: ODD_IS_ON('The lock on JTAG, which a program with the right HMAC key can open,'),
  UART_DOWNLOAD_DIS: NO_DOWNLOAD,
  DIS_DOWNLOAD_MODE: NO_DOWNLOAD,
  ENABLE_SECURITY_DOWNLOAD: 'Secure Download Mode: by cable the flash can be written, not read.',
  DIS_DOWNLOAD_MANUAL_ENCRYPT: 'The loader no longer encrypts what it writes: plain images by cable do not start.',
  DISABLE_DL_ENCRYPT: 'The loader no longer encrypts what it writes: plain images by cable do not start.',
  DISABLE_DL_DECRYPT: 'The loader cannot read the flash decrypted.',
  DISABLE_DL_CACHE: 'The loader cannot read the flash through the cache, and so not decrypted.',
  DIS_DOWNLOAD_ICACHE: 'In download mode the cache is off, and with it reading the flash decrypted.',
  DIS_DOWNLOAD_DCACHE: 'In download mode the data cache is off, and with it reading the flash decrypted.',
  DIS_DIRECT_BOOT: 'The ROM does not start programs in flash without a bootloader.',
  DIS_LEGACY_SPI_BOOT: 'The ROM does not start programs in the old flash layout.',
  DIS_FORCE_DOWNLOAD: 'A program cannot restart the chip into download mode.',
  DIS_USB_SERIAL_JTAG: 'The built-in USB port is off.',
  DIS_USB_SERIAL_JTAG_DOWNLOAD_MODE: 'Download mode is not reached by the built-in USB port.',
  DIS_USB_OTG_DOWNLOAD_MODE: 'Download mode is not reached by USB OTG.',
  DIS_USB_DOWNLOAD_MODE: 'Download mode is not reached by USB.',
  DIS_USB_SERIAL_JTAG_ROM_PRINT: 'The ROM prints nothing on the built-in USB port.',
  UART_PRINT_CONTROL: (value) =>
    value === 3 ? 'The ROM prints nothing at boot.' : 'Whether the ROM prints at boot depends on a pin.',
  CONSOLE_DEBUG_DISABLE: 'The BASIC interpreter in the ROM does not start.',
  CODING_SCHEME: (value) => (value === 1 ? 'Key blocks hold 192 bits (3/4 coding).' : undefined),
  KEY_STATUS: 'A key block is in use.',
  CUSTOM_MAC: 'A MAC of its own; firmware uses it if it asks for it.',
  MAC_VERSION: (value) => (value === 1 ? 'Block 3 holds a MAC of its own.' : undefined),
  XTS_KEY_LENGTH_256: 'Flash encryption uses a 256-bit key.',
  SECURE_VERSION: 'Anti-rollback: firmware with a lower secure version does not start.',
};

/** `value` is not 0. Undefined for calibration, packages and all that changes nothing for its owner. */
export function efuseMeaning(name: string, value: number): string | undefined {
  const meaning = MEANINGS[name];
  return typeof meaning === 'function' ? meaning(value) : meaning;
}
