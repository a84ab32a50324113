// The chips that the virtual board can be. Everything after the ESP32 follows one scheme with other addresses.
// Registers: esptool's targets/*.py; ROM texts: boot logs of real boards.
import { esp32 } from './chipEsp32';
import { esp8266 } from './chipEsp8266';
import { macWords } from './chipIdentity';
import type { ChipModel, ResetCause } from './chipModel';
import { block0, type Field, type FuseLayout, usualLayout } from './fuses';

interface LaterChip {
  readonly name: string;
  readonly imageId: number;
  readonly magic?: number;
  readonly bootloaderOffset: number;
  readonly crystalMHz?: number;
  readonly efuseBase: number;
  readonly fuses?: Partial<FuseLayout>;
  /** Where the MAC stands, from the eFuse base; behind it the words with the revision. */
  readonly macOffset?: number;
  /** Fields behind the MAC (word 0 is the MAC's lower half): what they say. */
  readonly about: readonly (readonly [Field, number])[];
  readonly spiBase: number;
  readonly uartDivider?: number;
  readonly securityInfoBytes?: 12;
  /** Other read-only registers. */
  readonly also?: readonly (readonly [number, number])[];
  readonly rom: string;
  readonly boot: readonly [run: string, download: string];
}

const causes: Record<ResetCause, string> = {
  power: '0x1 (POWERON)',
  software: '0xc (RTC_SW_CPU_RST)',
  watchdog: '0x10 (RTCWDT_RTC_RST)',
};

function later(chip: LaterChip): ChipModel {
  const crystalHz = (chip.crystalMHz ?? 40) * 1_000_000;
  const layout = { ...usualLayout, ...chip.fuses };
  const macAt = chip.efuseBase + (chip.macOffset ?? 0x44);
  return {
    name: chip.name,
    imageId: chip.imageId,
    magic: chip.magic ?? 0,
    bootloaderOffset: chip.bootloaderOffset,
    crystalHz,
    uartDivider: { address: chip.uartDivider ?? 0x60000014, hz: crystalHz },
    spi: {
      base: chip.spiBase,
      usr: 0x18,
      usr1: 0x1c,
      usr2: 0x20,
      misoLength: 0x28,
      w0: 0x58,
      addressAtTop: false,
    },
    securityInfoBytes: chip.securityInfoBytes ?? 20,
    statusBytes: 4,
    registers: (mac, burnt) => {
      const words = new Map<number, number>(chip.also);
      block0(layout, burnt).forEach((word, index) => {
        words.set(chip.efuseBase + 0x2c + index * 4, word);
      });
      const [low, high] = macWords(mac);
      words.set(macAt, low);
      words.set(macAt + 4, high);
      for (const [[word, bit], value] of chip.about)
        words.set(macAt + word * 4, ((words.get(macAt + word * 4) ?? 0) | (value << bit)) >>> 0);
      return words;
    },
    bootLine: (cause, download) => `${chip.rom}\r\nrst:${causes[cause]},boot:${chip.boot[download ? 1 : 0]}\r\n`,
    straps: { run: 0x8, download: 0 },
    strapRegister: undefined,
  };
}

const esp32s2 = later({
  name: 'ESP32-S2',
  imageId: 2,
  magic: 0x000007c6,
  bootloaderOffset: 0x1000,
  efuseBase: 0x3f41a000,
  fuses: { jtag: [1, 18, 1] },
  about: [[[3, 18, 2], 1]], // v1.0
  spiBase: 0x3f402000,
  uartDivider: 0x3f400014,
  securityInfoBytes: 12,
  rom: 'ESP-ROM:esp32s2-rc4-20191025\r\nBuild:Oct 25 2019',
  boot: ['0x8 (SPI_FAST_FLASH_BOOT)', '0x0 (DOWNLOAD(USB/UART0/1/SPI))'],
});

const esp32s3 = later({
  name: 'ESP32-S3',
  imageId: 9,
  bootloaderOffset: 0,
  efuseBase: 0x60007000,
  about: [[[3, 18, 3], 2]], // v0.2
  spiBase: 0x60002000,
  rom: 'ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021',
  boot: ['0x8 (SPI_FAST_FLASH_BOOT)', '0x0 (DOWNLOAD(USB/UART0))'],
});

const esp32c2 = later({
  name: 'ESP32-C2',
  imageId: 12,
  bootloaderOffset: 0,
  crystalMHz: 26,
  efuseBase: 0x60008800,
  fuses: {
    cryptCount: [1, 7, 3],
    secureBoot: [1, 21, 1],
    secureDownload: [1, 16, 1],
    jtag: [1, 4, 1],
    keyPurposes: [],
  },
  macOffset: 0x40,
  about: [
    [[1, 16, 4], 2],
    [[1, 20, 2], 1], // v1.2
  ],
  spiBase: 0x60002000,
  rom: 'ESP-ROM:esp8684-api2-20220127\r\nBuild:Jan 27 2022',
  boot: ['0xc (SPI_FAST_FLASH_BOOT)', '0x4 (DOWNLOAD(UART0))'],
});

const esp32c3 = later({
  name: 'ESP32-C3',
  imageId: 5,
  bootloaderOffset: 0,
  efuseBase: 0x60008800,
  about: [[[3, 18, 3], 4]], // v0.4
  spiBase: 0x60002000,
  rom: 'ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021',
  boot: ['0xc (SPI_FAST_FLASH_BOOT)', '0x4 (DOWNLOAD(USB/UART0/1))'],
});

const esp32c5 = later({
  name: 'ESP32-C5',
  imageId: 23,
  bootloaderOffset: 0x2000,
  crystalMHz: 48,
  efuseBase: 0x600b4800,
  fuses: {
    cryptCount: [2, 16, 3],
    revoke: [2, 19, 3],
    keyPurposes: [
      [2, 22, 5],
      [2, 27, 5],
      [3, 0, 5],
      [3, 5, 5],
      [3, 10, 5],
      [3, 15, 5],
    ],
    secureBoot: [3, 25, 1],
  },
  about: [[[2, 4, 2], 1]], // v1.0
  spiBase: 0x60003000,
  also: [[0x60096110, 48 << 24]], // PCR_SYSCLK_CONF: the ROM knows its crystal
  rom: 'ESP-ROM:esp32c5-eco2-20250121\r\nBuild:Jan 21 2025',
  boot: ['0x18 (SPI_FAST_FLASH_BOOT)', '0x14 (DOWNLOAD(USB/UART0))'],
});

const esp32c6 = later({
  name: 'ESP32-C6',
  imageId: 13,
  bootloaderOffset: 0,
  efuseBase: 0x600b0800,
  about: [[[3, 18, 4], 1]], // v0.1
  spiBase: 0x60003000,
  rom: 'ESP-ROM:esp32c6-20220919\r\nBuild:Sep 19 2022',
  boot: ['0xc (SPI_FAST_FLASH_BOOT)', '0x4 (DOWNLOAD(USB/UART0/SDIO_FEI_FEO))'],
});

const esp32h2 = later({
  name: 'ESP32-H2',
  imageId: 16,
  bootloaderOffset: 0,
  crystalMHz: 32,
  efuseBase: 0x600b0800,
  about: [
    [[3, 18, 3], 2],
    [[3, 21, 2], 1], // v1.2
  ],
  spiBase: 0x60003000,
  rom: 'ESP-ROM:esp32h2-20221101\r\nBuild:Nov  1 2022',
  boot: ['0xc (SPI_FAST_FLASH_BOOT)', '0x4 (DOWNLOAD(USB/UART0))'],
});

const esp32p4 = later({
  name: 'ESP32-P4',
  imageId: 18,
  bootloaderOffset: 0x2000,
  efuseBase: 0x5012d000,
  about: [
    [[2, 0, 4], 3],
    [[2, 4, 2], 1], // v1.3
  ],
  spiBase: 0x5008d000,
  uartDivider: 0x500ca014,
  rom: 'ESP-ROM:esp32p4-eco2-20240710\r\nBuild:Jul 10 2024',
  boot: ['0x10f (SPI_FAST_FLASH_BOOT)', '0x107 (DOWNLOAD(USB/UART0/SPI))'],
});

export const chipModels: readonly ChipModel[] = [
  esp8266,
  esp32,
  esp32s2,
  esp32s3,
  esp32c2,
  esp32c3,
  esp32c5,
  esp32c6,
  esp32h2,
  esp32p4,
];

/** By the name that esptool gives it. */
export function chipModel(name: string): ChipModel {
  const model = chipModels.find((one) => one.name === name);
  if (!model) throw new RangeError(`no model of ${name}; there are ${chipModels.map((one) => one.name).join(', ')}`);
  return model;
}
