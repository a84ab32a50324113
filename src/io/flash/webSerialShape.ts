// A BoardPort in the shape of Web Serial's SerialPort, which is what esptool-js talks to.
// https://wicg.github.io/serial/#serialport-interface
import type { BoardPort, ModemLines } from '../serial/boardPort';

/** Bytes that may wait unread before the line is paused: several times esptool's largest burst (64 KB). */
const HIGH_WATER = 256 * 1024;

interface Signals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
  readonly break?: boolean;
}

export class WebSerialShape {
  readonly #port: BoardPort;
  #lines: ModemLines = { dtr: false, rts: false, brk: false };
  #open = false;
  #ended = false;
  #readable: ReadableStream<Uint8Array> | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #writable: WritableStream<Uint8Array> | undefined;
  #unlisten: (() => void)[] = [];

  constructor(port: BoardPort) {
    this.#port = port;
  }

  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    const { usbVendorId, usbProductId } = this.#port.info;
    return {
      ...(usbVendorId === undefined ? {} : { usbVendorId }),
      ...(usbProductId === undefined ? {} : { usbProductId }),
    };
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    if (this.#ended) throw new DOMException('The port was given back.', 'InvalidStateError');
    if (this.#open) throw new DOMException('The port is already open.', 'InvalidStateError');
    await this.#port.open(baudRate);
    this.#open = true;
    this.#unlisten = [
      this.#port.onData((bytes) => this.#enqueue(bytes)),
      this.#port.onClose((error) => this.#drop(error)),
    ];
    void this.readable; // bytes that come before the first reader are kept
  }

  /** Null once closed; a fresh stream after the last one was cancelled. */
  get readable(): ReadableStream<Uint8Array> | null {
    if (!this.#open) return null;
    this.#readable ??= new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#port.resume(),
        cancel: () => {
          this.#readable = undefined;
          this.#controller = undefined;
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER }),
    );
    return this.#readable;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (!this.#open) return null;
    this.#writable ??= new WritableStream<Uint8Array>({
      write: (bytes) => this.#port.write(bytes),
      close: () => {
        this.#writable = undefined;
      },
      abort: () => {
        this.#writable = undefined;
      },
    });
    return this.#writable;
  }

  /** Keeps what is not named: the port below wants the full state every time. */
  async setSignals({ dataTerminalReady, requestToSend, break: brk }: Signals): Promise<void> {
    if (!this.#open) throw new DOMException('The port is closed.', 'InvalidStateError');
    this.#lines = {
      dtr: dataTerminalReady ?? this.#lines.dtr,
      rts: requestToSend ?? this.#lines.rts,
      brk: brk ?? this.#lines.brk ?? false,
    };
    await this.#port.setLines(this.#lines);
  }

  /** esptool-js changes the baud rate in place where this exists, instead of closing and opening. */
  setBaudRate(baudRate: number): Promise<void> {
    return this.#port.setBaudRate(baudRate);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#drop();
    await this.#port.close();
  }

  /** Closes for good: what still runs inside the library cannot open the port again behind our back. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.close();
  }

  #enqueue(bytes: Uint8Array): void {
    this.#controller?.enqueue(Uint8Array.from(bytes));
    if ((this.#controller?.desiredSize ?? 1) <= 0) this.#port.pause();
  }

  #drop(error?: Error): void {
    if (!this.#open) return;
    this.#open = false;
    for (const stop of this.#unlisten) stop();
    const controller = this.#controller;
    this.#controller = undefined;
    this.#readable = undefined;
    this.#writable = undefined;
    if (error) controller?.error(new DOMException('The device has been lost.', 'NetworkError'));
    else controller?.close();
  }
}
