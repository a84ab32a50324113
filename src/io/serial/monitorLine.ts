// A line that stays: opens a board's port, opens it again after every loss, and lends it out to the flasher.
import { isNetworkAddress } from '../../core/boards/boardAddress';
import { UserError } from '../../core/errors';
import { sleep } from '../network/deadline';
import { BoardFollower, type PortSource } from './boardFollower';
import type { BoardPort, ModemLines } from './boardPort';
import { openBoardPort } from './openPort';
import { systemPorts } from './systemPorts';

/** A port that comes back is open again within 300 ms. */
const RETRY_MS = 150;
/** One that another program has is asked for less often: who has it costs a look at every process. */
const BUSY_RETRY_MS = 1_000;
const RESET_MS = 100;

export type LineState =
  | { readonly kind: 'open'; readonly address: string; readonly baudRate: number }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'lent'; readonly to: string };

export interface LineEvents {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onState: (state: LineState) => void;
}

export class MonitorLine {
  #port: BoardPort | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #lines: ModemLines | undefined;
  #heldBack = false;
  readonly #follower: BoardFollower;

  constructor(
    private address: string,
    private baudRate: number,
    private readonly events: LineEvents,
    ports: PortSource = systemPorts,
  ) {
    this.#follower = new BoardFollower(ports, Date.now);
  }

  /** Begins, or goes on after `suspend`. */
  start(): void {
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal);
  }

  /** Closes the port; resolves when it is free. */
  async suspend(borrower?: string): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (borrower !== undefined) this.events.onState({ kind: 'lent', to: borrower });
  }

  /** Rejects with UserError while the board is away. */
  async send(bytes: Uint8Array): Promise<void> {
    await this.#opened().write(bytes);
  }

  /** Pulls EN low through RTS, as the flasher does; with `download` the boot pin too. */
  async reset(download = false): Promise<void> {
    await this.setLines({ dtr: false, rts: true });
    await sleep(RESET_MS);
    if (download) {
      await this.setLines({ dtr: true, rts: false });
      await sleep(RESET_MS / 2);
    }
    await this.setLines({ dtr: false, rts: false });
  }

  /** As they were set last; undefined while they are as the system left them. */
  get lines(): ModemLines | undefined {
    return this.#lines;
  }

  async setLines(lines: ModemLines): Promise<void> {
    await this.#opened().setLines(lines);
    this.#lines = lines;
  }

  /** From now on, also after the next loss. Rejects with UserError where the port cannot. */
  async setBaudRate(baudRate: number): Promise<void> {
    await this.#opened().setBaudRate(baudRate);
    this.baudRate = baudRate;
  }

  /**
   * Stops and resumes reading where that loses nothing: TCP makes the sender wait. A serial port goes on, because the
   * board does not wait and the system's buffer is small.
   */
  holdBack(held: boolean): void {
    this.#heldBack = held && isNetworkAddress(this.address);
    if (this.#heldBack) this.#port?.pause();
    else this.#port?.resume();
  }

  #opened(): BoardPort {
    if (this.#port) return this.#port;
    throw new UserError('port-lost', `${this.address} is not connected at the moment. Wait until it is back.`);
  }

  async #run(stop: AbortSignal): Promise<void> {
    let said = '';
    while (!stop.aborted) {
      let retryMs = RETRY_MS;
      try {
        await this.#session(stop, () => {
          said = '';
        });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== said && !stop.aborted) this.events.onState({ kind: 'waiting', reason });
        said = reason;
        const code = error instanceof UserError ? error.code : undefined;
        if (code === 'address-invalid') return;
        if (code === 'port-busy') retryMs = BUSY_RETRY_MS;
      }
      await sleep(retryMs, stop);
      if (!stop.aborted && !isNetworkAddress(this.address))
        this.address = await this.#follower.locate(this.address).catch(() => this.address);
    }
  }

  /** From opening to the loss of the line (which rejects) or to `stop`. */
  async #session(stop: AbortSignal, opened: () => void): Promise<void> {
    const port = await openBoardPort(this.address, { address: this.address });
    const early: Uint8Array[] = []; // a server sends before it has agreed to everything; told after "open"
    let tell: (bytes: Uint8Array) => void = (bytes) => early.push(bytes);
    const unlisten = port.onData((bytes) => tell(bytes));
    let stopNow = (): void => {};
    try {
      const lost = new Promise<Error>((resolve) => {
        port.onClose((error) => error && resolve(error));
      });
      await port.open(this.baudRate);
      if (stop.aborted) return;
      this.#port = port;
      this.#lines = undefined;
      if (this.#heldBack) port.pause();
      opened();
      if (!isNetworkAddress(this.address)) void this.#follower.learn(this.address).catch(() => {});
      this.events.onState({ kind: 'open', address: this.address, baudRate: this.baudRate });
      tell = (bytes) => this.events.onBytes(bytes);
      for (const bytes of early) tell(bytes);
      const stopped = new Promise<undefined>((resolve) => {
        stopNow = () => resolve(undefined);
        stop.addEventListener('abort', stopNow, { once: true });
      });
      const error = await Promise.race([lost, stopped]);
      if (error) throw error;
    } finally {
      stop.removeEventListener('abort', stopNow); // a board may come and go for weeks
      this.#port = undefined;
      unlisten();
      await port.close();
    }
  }
}
