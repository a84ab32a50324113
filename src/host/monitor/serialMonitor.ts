// One serial monitor: a pseudo terminal on a board's line, with hints under its errors.
import * as vscode from 'vscode';
import { createDecoder, type DecoderOptions } from '../../core/decode/decoder';
import type { Finding } from '../../core/decode/finding';
import { UserError } from '../../core/errors';
import { type LineEnding, withLineEnding } from '../../core/monitor/lineEnding';
import { parseLineFilter } from '../../core/monitor/lineFilter';
import { MonitorScreen, type ScreenOptions } from '../../core/monitor/monitorScreen';
import { type PrintedFinding, PrintedFindings } from '../../core/monitor/printedFindings';
import { ScreenBudget } from '../../core/monitor/screenBudget';
import type { PortSource } from '../../io/serial/boardFollower';
import type { ModemLines } from '../../io/serial/boardPort';
import { type LineEvents, type LineState, MonitorLine } from '../../io/serial/monitorLine';
import type { PortOwnership, Release } from '../../io/serial/portOwnership';
import type { DeviceErrorStore } from '../decoding/deviceErrorStore';
import type { Log } from '../log';
import type { BoardVitals } from './boardVitals';

/** Text is handed over this often: a terminal that gets every byte alone is slow. */
const FLUSH_MS = 16;
/** What is kept while paused; more is dropped from its beginning. */
const MAX_HELD = 2_000_000;

export interface MonitorDependencies {
  readonly ports: PortOwnership;
  readonly errors: DeviceErrorStore;
  readonly vitals: BoardVitals;
  readonly log: Log;
  /** What the project's files say about the firmware. */
  readonly firmware: DecoderOptions;
  /** Where boards that move are looked for; this machine's ports without it. */
  readonly portSource?: PortSource;
}

/** Takes what the board sends beside the screen. */
export interface Tap {
  readonly path: string;
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export class SerialMonitor implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.#renamed.event;
  readonly #line: MonitorLine;
  readonly #screen: MonitorScreen;
  readonly #budget = new ScreenBudget();
  readonly #printed = new PrintedFindings();
  #release: Release | undefined;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #paused = false;
  #resetWhenOpen = false;
  #disposed = false;
  #tap: Tap | undefined;
  #filterText = '';
  lineEnding: LineEnding = 'crlf';

  constructor(
    private board: string,
    private baud: number,
    private readonly dependencies: MonitorDependencies,
  ) {
    this.#screen = new MonitorScreen(createDecoder(dependencies.firmware), {
      onFinding: (finding, text) => this.#found(finding, text),
      onCrash: (dump) => dependencies.errors.crashed(this.board, dump),
      clock,
      onVitals: (vitals) => dependencies.vitals.tell(this.board, vitals),
    });
    const events: LineEvents = {
      onBytes: (bytes) => {
        this.#tap?.write(bytes);
        this.#write(this.#screen.push(bytes, Date.now()));
      },
      onState: (state) => this.#tell(state),
    };
    this.#line = new MonitorLine(board, baud, events, dependencies.portSource);
  }

  /** Called by VS Code when the terminal is shown for the first time. */
  open(size?: vscode.TerminalDimensions): void {
    if (size) this.setDimensions(size);
    this.#own().catch((error: Error) => {
      this.#write(this.#screen.notice(error.message));
      this.dependencies.log.warn(`${this.board}: ${error.message}`);
    });
  }

  /** Called by VS Code when the terminal gets another size. */
  setDimensions(size: vscode.TerminalDimensions): void {
    this.#screen.size = size;
  }

  /** Called by VS Code when the user closes the terminal. */
  close(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.tap = undefined;
    this.dependencies.vitals.forget(this.board);
    void this.#line
      .suspend()
      .catch(() => {})
      .then(() => this.#release?.());
  }

  /** Of the port that its board is at now: a board may come back under another name. */
  get address(): string {
    return this.board;
  }

  /** What is typed goes to the board as it is, but for Enter, which sends the line ending. */
  handleInput(data: string): void {
    this.send(data).catch((error: Error) => this.notice(error.message));
  }

  async send(text: string): Promise<void> {
    await this.sendBytes(new TextEncoder().encode(withLineEnding(text, this.lineEnding)));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#line.send(bytes);
  }

  get baudRate(): number {
    return this.baud;
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.#line.setBaudRate(baudRate);
    this.baud = baudRate;
  }

  get lines(): ModemLines | undefined {
    return this.#line.lines;
  }

  async setLines(lines: ModemLines): Promise<void> {
    await this.#line.setLines(lines);
  }

  get filterText(): string {
    return this.#filterText;
  }

  /** Throws UserError `filter-invalid`. */
  filter(text: string): void {
    this.options = { ...this.options, filter: parseLineFilter(text) };
    this.#filterText = text;
  }

  /** While the log's disk is behind, a network board waits. */
  holdBack(held: boolean): void {
    this.#line.holdBack(held);
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

  async reset(download = false): Promise<void> {
    await this.#line.reset(download);
    this.#screen.boardWasReset();
  }

  get tap(): Tap | undefined {
    return this.#tap;
  }

  /** Every byte goes there too (a log file); another one, or undefined, closes the one before. */
  set tap(tap: Tap | undefined) {
    void this.#tap?.close().catch(() => {});
    this.#line.holdBack(false);
    this.#tap = tap;
  }

  notice(text: string): void {
    this.#write(this.#screen.notice(text));
  }

  /** What the links of a line in the terminal mean. */
  knownIn(line: string): PrintedFinding[] {
    return this.#printed.in(line);
  }

  async #own(): Promise<void> {
    const release = await this.#acquireOnceFree();
    if (!release) return;
    if (this.#disposed) return release();
    this.#release = release;
    this.#line.start();
  }

  /** Who has the port now, such as a flasher, is waited for. Undefined when the terminal is closed first. */
  async #acquireOnceFree(): Promise<Release | undefined> {
    const { ports } = this.dependencies;
    for (let told = false; !this.#disposed; told = true) {
      let tell: () => void = () => {};
      const changed = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const stopListening = ports.onDidChange(tell);
      try {
        return await this.#acquire(this.board);
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'port-busy') throw error;
        if (!told) this.notice(`${error.message} The monitor begins by itself then.`);
        await changed;
      } finally {
        stopListening();
      }
    }
    return undefined;
  }

  #acquire(address: string): Promise<Release> {
    return this.dependencies.ports.acquire(address, {
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
  }

  /** The board is at another port now: who wants to flash it there has to ask us. */
  async #move(address: string): Promise<void> {
    const [from, release] = [this.board, this.#release];
    this.board = address;
    this.dependencies.vitals.forget(from);
    this.#renamed.fire(monitorName(address));
    this.#release = await this.#acquire(address);
    await release?.();
    if (this.#disposed) await this.#release();
  }

  #found(finding: Finding, line: string): void {
    this.dependencies.errors.record(this.board, finding, line, Date.now());
    this.#printed.add(finding);
  }

  #tell(state: LineState): void {
    if (state.kind !== 'open') this.#write(this.#screen.end(Date.now()));
    this.notice(stateText(state));
    if (state.kind === 'open' && state.address !== this.board)
      this.#move(state.address).catch((error: Error) => this.notice(error.message));
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

/** The terminal's tab. */
export function monitorName(address: string): string {
  return `Serial Monitor ${address.replace(/^.*\//, '')}`;
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
