// An ESP8266EX with a 26 MHz crystal: the oldest loader, with two status bytes and without MD5 or compression.
// Registers: esptool's targets/esp8266.py.
import { macWords } from './chipIdentity';
import type { ChipModel, ResetCause } from './chipModel';

const CRYSTAL_HZ = 26_000_000;
const OTP_MAC = 0x3ff00050;
const causes: Record<ResetCause, number> = { power: 1, software: 2, watchdog: 4 };

export const esp8266: ChipModel = {
  name: 'ESP8266',
  imageId: undefined,
  magic: 0xfff0c101,
  bootloaderOffset: 0,
  crystalHz: CRYSTAL_HZ,
  uartDivider: { address: 0x60000014, hz: CRYSTAL_HZ * 2 },
  spi: {
    base: 0x60000200,
    usr: 0x1c,
    usr1: 0x20,
    usr2: 0x24,
    misoLength: undefined,
    w0: 0x40,
    addressAtTop: false,
  },
  securityInfoBytes: 0,
  statusBytes: 2,
  registers: (mac) => {
    const [low, high] = macWords(mac);
    const lastByte = low & 0xff;
    return new Map([
      [OTP_MAC, (lastByte << 24) >>> 0],
      [OTP_MAC + 4, (low >>> 8) & 0xffff],
      [OTP_MAC + 8, 0],
      [OTP_MAC + 12, (high << 8) | (low >>> 24)],
    ]);
  },
  bootLine: (cause, download) =>
    ` ets Jan  8 2013,rst cause:${causes[cause]}, boot mode:${download ? '(1,6)' : '(3,6)'}\r\n\r\n`,
  straps: { run: 0x3, download: 0x1 },
  strapRegister: undefined,
};
