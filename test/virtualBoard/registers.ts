// The address space that READ_REG and WRITE_REG see: identity, eFuses, UART divider, SPI controller, RAM.
import type { ChipModel } from './chipModel';
import type { FlashChip } from './flashChip';
import type { BurntFuses } from './fuses';
import { SpiController } from './spiController';

const MAGIC_ADDRESS = 0x40001000;

export interface ChipIdentity {
  readonly model: ChipModel;
  readonly mac: Uint8Array;
  readonly burnt: BurntFuses;
}

export class Registers {
  readonly #memory = new Map<number, number>();
  readonly #model: ChipModel;
  readonly #fixed: ReadonlyMap<number, number>;
  readonly #spi: SpiController;

  constructor(
    flash: FlashChip,
    { model, mac, burnt }: ChipIdentity,
    private readonly state: { readonly baudRate: () => number; readonly strap: () => number },
  ) {
    this.#model = model;
    const fixed = new Map(model.registers(mac, burnt));
    for (const [register, bits] of burnt.others ?? []) fixed.set(register, ((fixed.get(register) ?? 0) | bits) >>> 0);
    this.#fixed = fixed;
    this.#spi = new SpiController(flash, model.spi);
  }

  /** Chip reset: everything written is gone, and the flash pins are not connected. */
  reset(): void {
    this.#memory.clear();
    this.#spi.attached = false;
  }

  /** Connects the pins to the SPI controller: SPI_ATTACH, or the start of the stub. */
  attachFlash(): void {
    this.#spi.attached = true;
  }

  read(address: number): number {
    const at = this.#unalias(address);
    const { uartDivider, strapRegister } = this.#model;
    if (at === MAGIC_ADDRESS) return this.#model.magic;
    if (at === uartDivider.address) return Math.round(uartDivider.hz / this.state.baudRate());
    if (at === strapRegister) return this.state.strap();
    if (this.#spi.covers(at)) return this.#spi.read(at);
    return this.#fixed.get(at) ?? this.#memory.get(at) ?? 0;
  }

  write(address: number, value: number, mask: number): void {
    const at = this.#unalias(address);
    const masked = ((this.read(at) & ~mask) | (value & mask)) >>> 0;
    if (this.#spi.covers(at)) this.#spi.write(at, masked);
    else this.#memory.set(at, masked);
  }

  /** MEM_DATA: a block for RAM, in words. */
  load(address: number, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i + 4 <= data.length; i += 4) this.#memory.set(address + i, view.getUint32(i, true));
  }

  /** The ESP32's peripherals are also seen from 0x60000000 on; older esptool versions read the eFuses there. */
  #unalias(address: number): number {
    const aliased = this.#model.name === 'ESP32' && address >= 0x60000000 && address < 0x60080000;
    return aliased ? address - 0x60000000 + 0x3ff40000 : address;
  }
}
