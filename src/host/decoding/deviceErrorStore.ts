// The errors that boards printed in this session: grouped, counted, with first and last time. Says no `vscode`.
import type { CrashDump } from '../../core/decode/crashDump';
import type { Finding } from '../../core/decode/finding';

/** One kind of error of one board. */
export interface DeviceError {
  /** Stable while VS Code runs: board, code and text. */
  readonly id: string;
  readonly board: string;
  /** The latest finding: its explanation has the latest evidence. */
  readonly finding: Finding;
  /** The line it stood in, as printed. */
  readonly line: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Of a crash that printed its stack: leads to source lines. */
  readonly crash?: CrashDump;
}

/** More kinds than this are not kept: the oldest goes. */
const MAX_ERRORS = 500;

export class DeviceErrorStore {
  private readonly errors = new Map<string, DeviceError>();
  private readonly listeners = new Set<() => void>();

  /** `board` is what the user calls it: a port or an address. `timeMs` is since the epoch. */
  record(board: string, finding: Finding, line: string, timeMs: number): void {
    const id = `${board}\n${finding.family}\n${finding.code}\n${finding.name}\n${finding.text}`;
    const known = this.errors.get(id);
    this.errors.delete(id); // the latest is last
    this.errors.set(id, {
      id,
      board,
      finding,
      line,
      count: (known?.count ?? 0) + 1,
      firstMs: known?.firstMs ?? timeMs,
      lastMs: timeMs,
    });
    if (this.errors.size > MAX_ERRORS) {
      const oldest = this.errors.keys().next().value;
      if (oldest !== undefined) this.errors.delete(oldest);
    }
    this.changed();
  }

  /** What the latest crash of `board` printed behind its error. */
  crashed(board: string, crash: CrashDump): void {
    const error = this.list().find((one) => one.board === board && one.finding.family === 'panic');
    if (!error) return;
    this.errors.set(error.id, { ...error, crash });
    this.changed();
  }

  /** The latest first. */
  list(): readonly DeviceError[] {
    return [...this.errors.values()].reverse();
  }

  get(id: string): DeviceError | undefined {
    return this.errors.get(id);
  }

  clear(): void {
    this.errors.clear();
    this.changed();
  }

  /** Calls `listener` after each change; dispose to stop. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
