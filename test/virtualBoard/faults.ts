// Troubles on the line, each at an exact byte so that a test can repeat them.

export type Direction = 'toBoard' | 'toHost';

export interface Fault {
  readonly kind: 'drop' | 'flip' | 'noise' | 'stall' | 'unplug' | 'reset';
  readonly direction: Direction;
  /** Counted in each direction from the start of the board. */
  readonly afterBytes: number;
  /** For `stall`: how long; for `unplug`: until it is plugged in again, for ever without it. */
  readonly milliseconds?: number;
}

export type FaultStep =
  | { readonly bytes: Uint8Array }
  | { readonly stall: number }
  | { readonly unplug: number | undefined }
  | { readonly reset: true };

export class FaultInjector {
  readonly #due: Record<Direction, Fault[]>;
  readonly #passed: Record<Direction, number> = { toBoard: 0, toHost: 0 };

  constructor(faults: readonly Fault[]) {
    const sorted = [...faults].sort((a, b) => a.afterBytes - b.afterBytes);
    this.#due = {
      toBoard: sorted.filter((f) => f.direction === 'toBoard'),
      toHost: sorted.filter((f) => f.direction === 'toHost'),
    };
  }

  get passed(): Readonly<Record<Direction, number>> {
    return this.#passed;
  }

  /** What becomes of these bytes, in order. */
  apply(direction: Direction, bytes: Uint8Array): FaultStep[] {
    const due = this.#due[direction];
    const steps: FaultStep[] = [];
    let rest = bytes;
    for (let fault = due[0]; fault; fault = due[0]) {
      const at = fault.afterBytes - this.#passed[direction];
      if (at >= rest.length) break;
      due.shift();
      const before = rest.subarray(0, Math.max(0, at));
      if (before.length > 0) steps.push({ bytes: before });
      rest = rest.subarray(before.length);
      this.#passed[direction] += before.length;
      const first = rest[0] ?? 0;
      if (fault.kind === 'drop' || fault.kind === 'flip') {
        if (fault.kind === 'flip') steps.push({ bytes: Uint8Array.of(first ^ 0x10) });
        rest = rest.subarray(1);
        this.#passed[direction] += 1;
      } else if (fault.kind === 'noise') steps.push({ bytes: Uint8Array.of(0xff, 0x00, 0xc0, 0xdb, 0x55) });
      else if (fault.kind === 'stall') steps.push({ stall: fault.milliseconds ?? 1000 });
      else if (fault.kind === 'reset') steps.push({ reset: true });
      else steps.push({ unplug: fault.milliseconds });
    }
    this.#passed[direction] += rest.length;
    if (rest.length > 0) steps.push({ bytes: rest });
    return steps;
  }
}
