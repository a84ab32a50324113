// The address space that READ_REG and WRITE_REG see: identity, eFuses, UART divider, SPI controller, RAM.
import { CHIP_MAGIC, CRYSTAL_HZ, efuseBlock0, RTC_CALIBRATION } from './chipIdentity';
import type { FlashChip } from './flashChip';
import { SpiController } from './spiController';

const MAGIC_ADDRESS = 0x40001000;
const EFUSE_BASE = 0x3ff5a000;
const UART_CLKDIV = 0x3ff40014;
const RTC_CALI_CFG1 = 0x3ff5f06c;
const GPIO_STRAP = 0x3ff44038;

export class Registers {
  readonly #memory = new Map<number, number>();
  readonly #efuses: readonly number[];
  readonly #spi: SpiController;

  constructor(
    flash: FlashChip,
    mac: Uint8Array,
    private readonly state: { readonly baudRate: () => number; readonly strap: () => number },
  ) {
    this.#efuses = efuseBlock0(mac);
    this.#spi = new SpiController(flash);
  }

  /** Chip reset: everything written is gone. */
  reset(): void {
    this.#memory.clear();
  }

  read(address: number): number {
    const at = unalias(address);
    if (at === MAGIC_ADDRESS) return CHIP_MAGIC;
    if (at === UART_CLKDIV) return Math.round(CRYSTAL_HZ / this.state.baudRate());
    if (at === RTC_CALI_CFG1) return RTC_CALIBRATION << 7;
    if (at === GPIO_STRAP) return this.state.strap();
    if (at >= EFUSE_BASE && at < EFUSE_BASE + 0x80) return this.#efuses[(at - EFUSE_BASE) / 4] ?? 0;
    if (this.#spi.covers(at)) return this.#spi.read(at);
    return this.#memory.get(at) ?? 0;
  }

  write(address: number, value: number, mask: number): void {
    const at = unalias(address);
    const masked = ((this.read(at) & ~mask) | (value & mask)) >>> 0;
    if (this.#spi.covers(at)) this.#spi.write(at, masked);
    else this.#memory.set(at, masked);
  }

  /** MEM_DATA: a block for RAM, in words. */
  load(address: number, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i + 4 <= data.length; i += 4) this.#memory.set(address + i, view.getUint32(i, true));
  }
}

/** The same peripherals are also seen from 0x60000000 on; older esptool versions read the eFuses there. */
function unalias(address: number): number {
  return address >= 0x60000000 && address < 0x60080000 ? address - 0x60000000 + 0x3ff40000 : address;
}
