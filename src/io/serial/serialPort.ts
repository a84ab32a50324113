// A serial port of this machine, through the serialport library.
import { SerialPort as Device } from 'serialport';
import { UserError } from '../../core/errors';
import { withDeadline } from '../network/deadline';
import type { BoardPort, ModemLines, PortInfo } from './boardPort';
import { PortEvents } from './portEvents';
import { serialOpenError } from './serialOpenError';

const OPEN_MS = 5_000;
const WRITE_MS = 15_000;
const CLOSE_MS = 3_000;
/** Serial drivers deliver small chunks; a large buffer keeps 3 Mbaud flowing through a busy moment. */
const BUFFER = 256 * 1024;

type Callback = (error: Error | null | undefined) => void;

export class SerialPort implements BoardPort {
  readonly info: PortInfo;
  readonly #events = new PortEvents();
  #device: Device | undefined;
  #hasModemLines = true;

  constructor(
    info: PortInfo,
    private readonly openMs = OPEN_MS,
  ) {
    this.info = info;
  }

  /** False on a pseudo terminal, which has no such lines. Known once the port is open. */
  get hasModemLines(): boolean {
    return this.#hasModemLines;
  }

  async open(baudRate: number): Promise<void> {
    const { address: path } = this.info;
    const device = new Device({ path, baudRate, autoOpen: false, highWaterMark: BUFFER });
    let given = true;
    try {
      await this.#call(
        (done) =>
          device.open((error) => {
            if (!error && !given) device.close(() => {}); // too late: nobody would ever close it
            done(error);
          }),
        this.openMs,
        'open',
      );
    } catch (error) {
      given = false;
      if (error instanceof UserError) throw error;
      throw await serialOpenError(path, error instanceof Error ? error : new Error(String(error)));
    }
    this.#device = device;
    device.on('error', () => {}); // an error is followed by 'close', which is where it is told
    device.on('data', (bytes: Uint8Array) => this.#events.data(bytes));
    // `close()` tells its own end first, so a close heard here is a loss. It comes without an error where a failed
    // write made Node destroy the stream before the library said that the device had gone.
    device.once('close', (error: Error | null | undefined) => this.#events.closed(this.#lost(error ?? undefined)));
    this.#events.opened();
    this.#hasModemLines = await this.#call((done) => device.get(done), WRITE_MS, 'read the lines of').then(
      () => true,
      () => false,
    );
  }

  async write(bytes: Uint8Array): Promise<void> {
    const device = this.#opened();
    await this.#whileOpen((done) => device.write(Buffer.from(bytes), done), 'write to');
  }

  async setLines({ dtr, rts, brk = false }: ModemLines): Promise<void> {
    const device = this.#opened();
    if (!this.#hasModemLines)
      throw new UserError(
        'lines-unsupported',
        `${this.info.address} has no DTR and RTS lines, so the board cannot be reset through it. Press the buttons on the board.`,
      );
    await this.#whileOpen((done) => device.set({ dtr, rts, brk }, done), 'set the lines of');
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const device = this.#opened();
    await this.#whileOpen((done) => device.update({ baudRate }, done), 'change the baud rate of').catch((error) => {
      if (error instanceof UserError && error.code === 'port-lost' && this.#events.isOpen)
        throw new UserError('baud-refused', `${this.info.address} cannot do ${baudRate} baud. Choose a lower one.`);
      throw error;
    });
  }

  pause(): void {
    this.#device?.pause();
  }

  resume(): void {
    this.#device?.resume();
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#events.onData(listener);
  }

  onClose(listener: (error?: Error) => void): () => void {
    return this.#events.onClose(listener);
  }

  async close(): Promise<void> {
    const device = this.#device;
    this.#device = undefined;
    this.#events.closed();
    if (device?.isOpen) await this.#call((done) => device.close(done), CLOSE_MS, 'close').catch(() => {});
  }

  #opened(): Device {
    if (!this.#device || !this.#events.isOpen) throw new Error(`${this.info.address} is not open.`);
    return this.#device;
  }

  /**
   * Callbacks of the library never come once the port closed, so each is raced against the close. What they report
   * ("bad file descriptor", "Canceled") is the device going away.
   */
  async #whileOpen(start: (done: Callback) => void, doing: string): Promise<void> {
    try {
      await this.#events.whileOpen(this.#call(start, WRITE_MS, doing));
    } catch (error) {
      throw error instanceof UserError ? error : this.#lost(error instanceof Error ? error : undefined);
    }
  }

  async #call(start: (done: Callback) => void, ms: number, doing: string): Promise<void> {
    const called = new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
    called.catch(() => {});
    await withDeadline(
      called,
      ms,
      () =>
        new UserError(
          'port-stalled',
          `It took too long to ${doing} ${this.info.address}. Unplug the board and plug it in again.`,
        ),
    );
  }

  #lost(cause: Error | undefined): UserError {
    return new UserError(
      'port-lost',
      `${this.info.address} is gone. Check the cable, plug the board in again, and try again.`,
      undefined,
      { cause },
    );
  }
}
