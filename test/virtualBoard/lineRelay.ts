// How a network server passes modem lines on. The classic sequence leaves reset in two steps, "DTR on" then "RTS off",
// and over a network these are 50 to 200 ms apart (pyserial waits for each answer): far longer than EN's delay, so a
// plain relay boots the application. Espressif's esp_rfc2217_server replaces the sequence by its own; this one holds the
// first step back until the second is there.
import type { ModemState, ResetCircuit } from './resetCircuit';

export type RelayMode = 'paired' | 'plain';

const PAIR_TIMEOUT_MS = 400;

export class LineRelay {
  #asked: ModemState = { dtr: false, rts: false };
  #held: NodeJS.Timeout | undefined;

  constructor(
    private readonly circuit: ResetCircuit,
    private readonly mode: RelayMode,
  ) {}

  set(change: Partial<ModemState>): void {
    const before = this.circuit.lines;
    this.#asked = { ...this.#asked, ...change };
    clearTimeout(this.#held);
    const leavesReset = before.rts && !before.dtr && this.#asked.rts && this.#asked.dtr;
    if (this.mode === 'paired' && leavesReset)
      this.#held = setTimeout(() => this.circuit.set(this.#asked), PAIR_TIMEOUT_MS);
    else this.circuit.set(this.#asked);
  }

  /** The port is closed: the driver drops both lines. */
  release(): void {
    clearTimeout(this.#held);
    this.#asked = { dtr: false, rts: false };
    this.circuit.set(this.#asked);
  }
}
