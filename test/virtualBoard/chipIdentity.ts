// What this board's eFuses and read-only registers say: an ESP32-D0WDQ6 v1.0 (the ROM of June 2016) with a 40 MHz crystal.
// Bit positions: esptool's targets/esp32.py and ESP-IDF's components/soc/esp32/register/soc/efuse_reg.h.

export const CRYSTAL_HZ = 40_000_000;
export const CHIP_MAGIC = 0x00f01d83;
export const DEFAULT_MAC = '24:6f:28:c0:1d:db';

/** Calibrated against the crystal by the ROM: cycles of the 8 MHz oscillator; 2008 * 15625 * 51 / 40 is 40 MHz. */
export const RTC_CALIBRATION = 2008;
export const CK8M_FREQUENCY = 51;

/** CRC-8 of a base MAC as it is burnt beside it (polynomial 0x31, reflected). */
export function macCrc8(mac: Uint8Array): number {
  let crc = 0;
  for (const byte of mac) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}

export function parseMac(text: string): Uint8Array {
  const mac = Uint8Array.from(text.split(':').map((part) => Number.parseInt(part, 16)));
  if (mac.length !== 6 || !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new RangeError(`not a MAC: ${text}`);
  return mac;
}

/** The seven words of eFuse block 0. */
export function efuseBlock0(mac: Uint8Array): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  const ratedFor240MHz = 1 << 13;
  const revisionBit0 = 1 << 15;
  return [
    0,
    ((c << 24) | (d << 16) | (e << 8) | f) >>> 0,
    ((macCrc8(mac) << 16) | (a << 8) | b) >>> 0,
    ratedFor240MHz | revisionBit0,
    (0x11 << 8) | CK8M_FREQUENCY,
    0,
    0,
  ];
}
