// The SPI1 controller as loaders drive it by registers: "user" commands to the flash chip (RDID, SFDP, status).
import type { SpiLayout } from './chipModel';
import type { FlashChip } from './flashChip';

const CMD = 0x00;
const ADDR = 0x04;
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
  /** Until the pins are connected the data line floats high. */
  attached = false;

  constructor(
    private readonly flash: FlashChip,
    private readonly layout: SpiLayout,
  ) {}

  covers(address: number): boolean {
    return address >= this.layout.base && address < this.layout.base + 0x100;
  }

  read(address: number): number {
    return this.#registers.get(address - this.layout.base) ?? 0;
  }

  write(address: number, value: number): void {
    const register = address - this.layout.base;
    if (register === CMD && value & CMD_USR) this.#run();
    else this.#registers.set(register, value >>> 0);
  }

  #run(): void {
    const get = (register: number) => this.#registers.get(register) ?? 0;
    const { usr, usr1, usr2, misoLength, w0, addressAtTop } = this.layout;
    const address = addressAtTop ? get(ADDR) >>> 8 : get(ADDR);
    const answer = this.attached ? this.#answer(get(usr2) & 0xff, address) : 0xffffffff;
    if (answer === undefined || !(get(usr) & USR_MISO)) return;
    const bits = (misoLength === undefined ? (get(usr1) >>> 8) & 0x1ff : get(misoLength) & 0x1ff) + 1;
    this.#registers.set(w0, bits >= 32 ? answer >>> 0 : answer & (2 ** bits - 1));
  }

  #answer(command: number, address: number): number | undefined {
    switch (command) {
      case READ_ID:
        return this.flash.jedecId;
      case READ_SFDP:
        return littleEndianWord(SFDP, address);
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
