// One serial monitor: a pseudo terminal on a board's line, with hints under its errors.
import * as vscode from 'vscode';
import { createDecoder, type DecoderOptions } from '../../core/decode/decoder';
import type { Finding } from '../../core/decode/finding';
import { MonitorScreen, type ScreenOptions } from '../../core/monitor/monitorScreen';
import { ScreenBudget } from '../../core/monitor/screenBudget';
import { type LineState, MonitorLine } from '../../io/monitorLine';
import type { PortOwnership, Release } from '../../io/portOwnership';
import type { DeviceErrorStore } from '../decoding/deviceErrorStore';
import type { Log } from '../log';

/** Text is handed over this often: a terminal that gets every byte alone is slow. */
const FLUSH_MS = 16;
/** What is kept while paused; more is dropped from its beginning. */
const MAX_HELD = 2_000_000;
const MAX_KNOWN = 200;

export interface MonitorDependencies {
  readonly ports: PortOwnership;
  readonly errors: DeviceErrorStore;
  readonly log: Log;
  /** What the project's files say about the firmware. */
  readonly firmware: DecoderOptions;
}

/** Takes what the board sends beside the screen. */
export interface Tap {
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export class SerialMonitor implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #line: MonitorLine;
  readonly #screen: MonitorScreen;
  readonly #budget = new ScreenBudget();
  /** By name and by the text printed: what a link in the terminal means. */
  readonly #known = new Map<string, Finding>();
  #release: Release | undefined;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #paused = false;
  #resetWhenOpen = false;
  #disposed = false;
  #tap: Tap | undefined;

  constructor(
    readonly address: string,
    baudRate: number,
    private readonly dependencies: MonitorDependencies,
  ) {
    this.#screen = new MonitorScreen(createDecoder(dependencies.firmware), {
      onFinding: (finding, text) => this.#found(finding, text),
      clock,
    });
    this.#line = new MonitorLine(address, baudRate, {
      onBytes: (bytes) => {
        this.#tap?.write(bytes);
        this.#write(this.#screen.push(bytes, Date.now()));
      },
      onState: (state) => this.#tell(state),
    });
  }

  /** Called by VS Code when the terminal is shown for the first time. */
  open(): void {
    this.#own().catch((error: Error) => {
      this.#write(this.#screen.notice(error.message));
      this.dependencies.log.warn(`${this.address}: ${error.message}`);
    });
  }

  /** Called by VS Code when the user closes the terminal. */
  close(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.tap = undefined;
    void this.#line
      .suspend()
      .catch(() => {})
      .then(() => this.#release?.());
  }

  /** What is typed goes to the board as it is; Enter sends CR LF, which every console on a board takes. */
  handleInput(data: string): void {
    const bytes = new TextEncoder().encode(data.replaceAll('\r', '\r\n'));
    this.#line.send(bytes).catch((error: Error) => this.#write(this.#screen.notice(error.message)));
  }

  get options(): ScreenOptions {
    return this.#screen.options;
  }

  set options(options: ScreenOptions) {
    this.#screen.options = options;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The board goes on and is decoded and logged; the screen waits. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (!paused) this.#flush();
  }

  async reset(): Promise<void> {
    await this.#line.reset();
    this.#screen.boardWasReset();
  }

  sendLine(text: string): void {
    this.handleInput(`${text}\r`);
  }

  /** Every byte goes there too (a log file); another one, or undefined, closes the one before. */
  set tap(tap: Tap | undefined) {
    void this.#tap?.close().catch(() => {});
    this.#tap = tap;
  }

  notice(text: string): void {
    this.#write(this.#screen.notice(text));
  }

  /** Findings whose name or printed text stands in `line`, with where. */
  knownIn(line: string): { start: number; length: number; finding: Finding }[] {
    const found: { start: number; length: number; finding: Finding }[] = [];
    for (const [text, finding] of this.#known) {
      const start = line.indexOf(text);
      if (start >= 0) found.push({ start, length: text.length, finding });
    }
    return found;
  }

  async #own(): Promise<void> {
    const release = await this.dependencies.ports.acquire(this.address, {
      name: 'the serial monitor',
      yield: async () => {
        await this.#line.suspend('flashing');
      },
      resume: async () => {
        if (this.#disposed) return;
        this.#resetWhenOpen = true; // the flasher leaves that to us, so that nothing of the boot is missed
        this.#line.start();
      },
    });
    if (this.#disposed) return release();
    this.#release = release;
    this.#line.start();
  }

  #found(finding: Finding, line: string): void {
    this.dependencies.errors.record(this.address, finding, line, Date.now());
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(finding.name, finding);
    if (finding.text.length > 2) this.#known.set(finding.text, finding);
  }

  #tell(state: LineState): void {
    if (state.kind !== 'open') this.#write(this.#screen.end(Date.now()));
    this.notice(stateText(state));
    if (state.kind !== 'open' || !this.#resetWhenOpen) return;
    this.#resetWhenOpen = false;
    this.reset().catch((error: Error) => this.notice(error.message));
  }

  #write(text: string): void {
    if (text === '' || this.#disposed) return;
    this.#pending += text;
    if (this.#pending.length > MAX_HELD) this.#pending = this.#pending.slice(-MAX_HELD);
    if (!this.#paused) this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#paused || this.#disposed) return;
    const text = this.#budget.take(this.#pending, Date.now());
    this.#pending = '';
    if (text !== '') this.#written.fire(text);
  }
}

function stateText(state: LineState): string {
  switch (state.kind) {
    case 'open':
      return `connected to ${state.address} at ${state.baudRate} baud`;
    case 'waiting':
      return `${state.reason} Waiting until it is back.`;
    case 'lent':
      return `port given to ${state.to}; the monitor comes back by itself`;
  }
}

function clock(timeMs: number): string {
  return `${new Date(timeMs).toTimeString().slice(0, 8)}.${String(timeMs % 1000).padStart(3, '0')}`;
}
