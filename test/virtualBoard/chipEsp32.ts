// An ESP32-D0WDQ6 v1.0 (the ROM of June 2016) with a 40 MHz crystal.
// Bit positions: esptool's targets/esp32.py and ESP-IDF's components/soc/esp32/register/soc/efuse_reg.h.
import { macWords } from './chipIdentity';
import type { ChipModel, ResetCause } from './chipModel';
import type { BurntFuses } from './fuses';

const CRYSTAL_HZ = 40_000_000;
const EFUSE_BASE = 0x3ff5a000;
const RTC_CALI_CFG1 = 0x3ff5f06c;
/** Calibrated against the crystal by the ROM: cycles of the 8 MHz oscillator; 2008 * 15625 * 51 / 40 is 40 MHz. */
const RTC_CALIBRATION = 2008;
const CK8M_FREQUENCY = 51;
/** A real chip computes its divider from a badly calibrated clock, and esptool corrects for that. */
export const CALIBRATED_HZ = (RTC_CALIBRATION * 15625 * CK8M_FREQUENCY) / 40;

const causes: Record<ResetCause, string> = {
  power: '0x1 (POWERON_RESET)',
  software: '0xc (SW_CPU_RESET)',
  watchdog: '0x10 (RTCWDT_RTC_RESET)',
};

/** CRC-8 of a base MAC as it is burnt beside it (polynomial 0x31, reflected). */
function macCrc8(mac: Uint8Array): number {
  let crc = 0;
  for (const byte of mac) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}

/** The seven words of eFuse block 0. */
function efuseBlock0(mac: Uint8Array, burnt: BurntFuses): readonly number[] {
  const [low, high] = macWords(mac);
  const ratedFor240MHz = 1 << 13;
  const revisionBit0 = 1 << 15;
  const secureBootV1 = burnt.secureBoot ? 1 << 4 : 0;
  const jtagDisable = burnt.jtagDisabled ? 1 << 6 : 0;
  return [
    burnt.flashEncryption ? 1 << 20 : 0,
    low,
    ((macCrc8(mac) << 16) | high) >>> 0,
    ratedFor240MHz | revisionBit0,
    (0x11 << 8) | CK8M_FREQUENCY,
    burnt.flashEncryption ? 0xf0000000 : 0,
    secureBootV1 | jtagDisable,
  ];
}

export const esp32: ChipModel = {
  name: 'ESP32',
  imageId: 0,
  magic: 0x00f01d83,
  bootloaderOffset: 0x1000,
  crystalHz: CRYSTAL_HZ,
  uartDivider: { address: 0x3ff40014, hz: CRYSTAL_HZ },
  spi: {
    base: 0x3ff42000,
    usr: 0x1c,
    usr1: 0x20,
    usr2: 0x24,
    misoLength: 0x2c,
    w0: 0x80,
    addressAtTop: true,
  },
  securityInfoBytes: 0,
  statusBytes: 4,
  registers: (mac, burnt) =>
    new Map([
      ...efuseBlock0(mac, burnt).map((word, index): [number, number] => [EFUSE_BASE + index * 4, word]),
      [RTC_CALI_CFG1, RTC_CALIBRATION << 7],
    ]),
  bootLine: (cause, download) =>
    `ets Jun  8 2016 00:22:57\r\n\r\nrst:${causes[cause]},boot:${
      download ? '0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))' : '0x13 (SPI_FAST_FLASH_BOOT)'
    }\r\n`,
  straps: { run: 0x13, download: 0x03 },
  strapRegister: 0x3ff44038,
};
