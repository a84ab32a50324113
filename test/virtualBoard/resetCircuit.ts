// The two transistors of a development board that turn DTR and RTS into EN and IO0.
//
//   DTR RTS | EN  IO0      (asserted = 1 pulls the line low)
//    0   0  | 1   1
//    1   1  | 1   1
//    0   1  | 0   1        chip held in reset
//    1   0  | 1   0        boot pin low
//
// EN does not jump up: a capacitor charges through a resistor, and the boot pin is read when EN passes its threshold.
// Without that delay the two steps "DTR on, RTS off" of the classic sequence would boot the application.

export interface ModemState {
  readonly dtr: boolean;
  readonly rts: boolean;
}

export class ResetCircuit {
  #lines: ModemState = { dtr: false, rts: false };
  #rising: NodeJS.Timeout | undefined;
  #inReset = false;

  constructor(
    private readonly enDelayMs: number,
    private readonly chip: { hold(): void; boot(bootPinLow: boolean): void },
  ) {}

  get lines(): ModemState {
    return this.#lines;
  }

  set(lines: ModemState): void {
    this.#lines = lines;
    const enLow = lines.rts && !lines.dtr;
    if (enLow) {
      clearTimeout(this.#rising);
      this.#rising = undefined;
      if (!this.#inReset) this.chip.hold();
      this.#inReset = true;
    } else if (this.#inReset && !this.#rising) {
      this.#rising = setTimeout(() => this.#risen(), this.enDelayMs);
    }
  }

  close(): void {
    clearTimeout(this.#rising);
  }

  #risen(): void {
    this.#rising = undefined;
    this.#inReset = false;
    this.chip.boot(this.#lines.dtr && !this.#lines.rts);
  }
}
