// The wire between the host's adapter and the chip's UART: two baud rates that should match, a speed, and troubles.
import { type Direction, type Fault, FaultInjector } from './faults';
import { Pacer } from './pacer';

export const BOOT_BAUD_RATE = 115_200;

/** UARTs tolerate a few percent. */
const TOLERANCE = 0.04;

export interface LineEnds {
  toHost(bytes: Uint8Array): void;
  toBoard(bytes: Uint8Array): void;
  unplugged(milliseconds: number | undefined): void;
  reset(): void;
}

export class SerialLine {
  /** Undefined on a raw socket, which has no rate: it always matches. */
  hostBaudRate: number | undefined;
  chipBaudRate = BOOT_BAUD_RATE;
  /** While the ROM measures the rate, whatever comes is understood. */
  autobaud = false;
  readonly #out: Record<Direction, Pacer>;
  readonly #faults: FaultInjector;

  constructor(
    private readonly ends: LineEnds,
    options: { readonly pacing: boolean | number; readonly faults: readonly Fault[] },
  ) {
    this.#faults = new FaultInjector(options.faults);
    this.#out = {
      toHost: new Pacer(options.pacing, (bytes, rate) => ends.toHost(this.#seen(bytes, rate, this.hostBaudRate))),
      toBoard: new Pacer(options.pacing, (bytes, rate) =>
        ends.toBoard(this.autobaud ? bytes : this.#seen(bytes, rate, this.chipBaudRate)),
      ),
    };
  }

  get passedBytes(): Readonly<Record<Direction, number>> {
    return this.#faults.passed;
  }

  fromBoard(bytes: Uint8Array): void {
    this.#pass('toHost', bytes, this.chipBaudRate);
  }

  fromHost(bytes: Uint8Array): void {
    this.#pass('toBoard', bytes, this.hostBaudRate ?? this.chipBaudRate);
  }

  /** Bytes from the host that the wire has not taken yet. */
  get backlog(): number {
    return this.#out.toBoard.pending;
  }

  purge(direction: Direction): void {
    this.#out[direction].clear();
  }

  #pass(direction: Direction, bytes: Uint8Array, rate: number): void {
    for (const step of this.#faults.apply(direction, bytes)) {
      if ('bytes' in step) this.#out[direction].push(step.bytes, rate);
      else if ('stall' in step) this.#out[direction].hold(step.stall);
      else if ('reset' in step) this.ends.reset();
      else this.ends.unplugged(step.unplug);
    }
  }

  /** What a receiver at another rate reads: not these bytes. */
  #seen(bytes: Uint8Array, sent: number, receiver: number | undefined): Uint8Array {
    if (receiver === undefined || Math.abs(sent - receiver) <= receiver * TOLERANCE) return bytes;
    return bytes.map((byte) => (byte * 0x9d + 0x3b) & 0xff);
  }
}
