// The SPI1 controller as loaders drive it by registers: "user" commands to the flash chip (RDID, SFDP, status).
import type { FlashChip } from './flashChip';

const BASE = 0x3ff42000;
const CMD = 0x00;
const USR = 0x1c;
const USR2 = 0x24;
const ADDR = 0x04;
const MISO_DLEN = 0x2c;
const W0 = 0x80;
const CMD_USR = 1 << 18;
const USR_MISO = 1 << 28;

const READ_ID = 0x9f;
const READ_SFDP = 0x5a;
const READ_STATUS = 0x05;
const READ_STATUS_2 = 0x35;
const READ_STATUS_3 = 0x15;
const CHIP_ERASE = 0xc7;

/** The start of a JEDEC SFDP table: "SFDP", revision 1.0, one header, manufacturer 0x00 (JEDEC). */
const SFDP = Uint8Array.of(
  0x53,
  0x46,
  0x44,
  0x50,
  0x00,
  0x01,
  0x00,
  0xff,
  0x00,
  0x00,
  0x01,
  0x09,
  0x30,
  0x00,
  0x00,
  0xff,
);

export class SpiController {
  readonly #registers = new Map<number, number>();

  constructor(private readonly flash: FlashChip) {}

  covers(address: number): boolean {
    return address >= BASE && address < BASE + 0x100;
  }

  read(address: number): number {
    return this.#registers.get(address - BASE) ?? 0;
  }

  write(address: number, value: number): void {
    const register = address - BASE;
    if (register === CMD && value & CMD_USR) this.#run();
    else this.#registers.set(register, value >>> 0);
  }

  #run(): void {
    const get = (register: number) => this.#registers.get(register) ?? 0;
    const answer = this.#answer(get(USR2) & 0xff, get(ADDR));
    if (answer === undefined || !(get(USR) & USR_MISO)) return;
    const bits = (get(MISO_DLEN) & 0x1ff) + 1;
    this.#registers.set(W0, bits >= 32 ? answer >>> 0 : answer & (2 ** bits - 1));
  }

  #answer(command: number, address: number): number | undefined {
    switch (command) {
      case READ_ID:
        return this.flash.jedecId;
      case READ_SFDP:
        return littleEndianWord(SFDP, address >>> 8);
      case READ_STATUS:
      case READ_STATUS_3:
        return 0;
      case READ_STATUS_2:
        return 0x02; // quad enable
      case CHIP_ERASE:
        this.flash.erase(0, this.flash.size);
        return undefined;
      default: // write enable, reset, power down: nothing to see
        return undefined;
    }
  }
}

function littleEndianWord(bytes: Uint8Array, offset: number): number {
  const at = (index: number) => bytes[offset + index] ?? 0xff;
  return (at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)) >>> 0;
}
