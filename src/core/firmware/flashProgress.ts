// How far a transfer is and how long it still takes. Time comes in as an argument.

export interface FlashProgress {
  readonly phase: 'connecting' | 'writing' | 'verifying' | 'reading' | 'erasing';
  /** Bytes of flash that are done, of all. Zero of zero while connecting. */
  readonly done: number;
  readonly total: number;
  /** Undefined until a first estimate is worth something. */
  readonly secondsLeft: number | undefined;
  /** What is being worked on: a file's name or an address. */
  readonly what: string;
}

/** Below this the estimate jumps about. */
const SETTLE_MS = 500;

/** `weight` is what costs time (bytes on the wire), which for compressed data is not what the user counts in. */
export class TimeLeft {
  readonly #startMs: number;
  readonly #total: number;

  constructor(startMs: number, totalWeight: number) {
    this.#startMs = startMs;
    this.#total = totalWeight;
  }

  seconds(nowMs: number, doneWeight: number): number | undefined {
    const elapsed = nowMs - this.#startMs;
    if (elapsed < SETTLE_MS || doneWeight <= 0) return undefined;
    return ((elapsed / doneWeight) * (this.#total - doneWeight)) / 1000;
  }
}

/** `184 of 1,024 KB, 12 s left`. */
export function progressText({ phase, done, total, secondsLeft, what }: FlashProgress): string {
  if (phase === 'connecting') return 'Connecting…';
  const verb = { writing: 'Writing', verifying: 'Verifying', reading: 'Reading', erasing: 'Erasing' }[phase];
  const kb = (bytes: number) => Math.round(bytes / 1024).toLocaleString('en');
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `${verb} ${what}: ${kb(done)} of ${kb(total)} KB${left}`;
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
