// A line that stays: opens a board's port, opens it again after every loss, and lends it out to the flasher.
import { isNetworkAddress } from '../core/boards/boardAddress';
import { UserError } from '../core/errors';
import type { BoardPort } from './boardPort';
import { sleep } from './deadline';
import { openBoardPort } from './openPort';

/** A port that comes back is open again within 300 ms. */
const RETRY_MS = 150;
/** Looking for a moved USB device costs a process on some systems. */
const SEARCH_EVERY = 8;
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
  #serialNumber: string | undefined;

  constructor(
    private address: string,
    readonly baudRate: number,
    private readonly events: LineEvents,
  ) {}

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
    const port = this.#opened();
    await port.setLines({ dtr: false, rts: true });
    await sleep(RESET_MS);
    if (download) {
      await port.setLines({ dtr: true, rts: false });
      await sleep(RESET_MS / 2);
    }
    await port.setLines({ dtr: false, rts: false });
  }

  /** Holds the board's data back in the system's buffers. */
  pause(paused: boolean): void {
    if (paused) this.#port?.pause();
    else this.#port?.resume();
  }

  #opened(): BoardPort {
    if (this.#port) return this.#port;
    throw new UserError('port-lost', `${this.address} is not connected at the moment. Wait until it is back.`);
  }

  async #run(stop: AbortSignal): Promise<void> {
    let said = '';
    for (let attempt = 0; !stop.aborted; attempt++) {
      try {
        await this.#session(stop, () => {
          said = '';
          attempt = 0;
        });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== said && !stop.aborted) this.events.onState({ kind: 'waiting', reason });
        said = reason;
        if (error instanceof UserError && error.code === 'address-invalid') return;
      }
      if (attempt % SEARCH_EVERY === SEARCH_EVERY - 1) await this.#follow();
      await sleep(RETRY_MS, stop);
    }
  }

  /** From opening to the loss of the line (which rejects) or to `stop`. */
  async #session(stop: AbortSignal, opened: () => void): Promise<void> {
    const port = await openBoardPort(this.address, { address: this.address });
    const early: Uint8Array[] = []; // a server sends before it has agreed to everything; told after "open"
    let tell: (bytes: Uint8Array) => void = (bytes) => early.push(bytes);
    const unlisten = port.onData((bytes) => tell(bytes));
    try {
      const lost = new Promise<Error>((resolve) => {
        port.onClose((error) => error && resolve(error));
      });
      await port.open(this.baudRate);
      if (stop.aborted) return;
      this.#port = port;
      opened();
      void this.#learnSerialNumber();
      this.events.onState({ kind: 'open', address: this.address, baudRate: this.baudRate });
      tell = (bytes) => this.events.onBytes(bytes);
      for (const bytes of early) tell(bytes);
      const stopped = new Promise<undefined>((resolve) => {
        stop.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const error = await Promise.race([lost, stopped]);
      if (error) throw error;
    } finally {
      this.#port = undefined;
      unlisten();
      await port.close();
    }
  }

  async #learnSerialNumber(): Promise<void> {
    if (this.#serialNumber !== undefined || isNetworkAddress(this.address)) return;
    const { listPorts } = await import('./portList');
    this.#serialNumber = (await listPorts()).find((port) => port.address === this.address)?.serialNumber;
  }

  /** A USB device may come back under another name; its serial number tells. */
  async #follow(): Promise<void> {
    if (this.#serialNumber === undefined) return;
    const { listPorts } = await import('./portList');
    const ports = await listPorts();
    if (ports.some((port) => port.address === this.address)) return;
    const moved = ports.find((port) => port.serialNumber === this.#serialNumber);
    if (moved) this.address = moved.address;
  }
}
