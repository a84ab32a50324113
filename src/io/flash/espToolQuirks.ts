// esptool-js 0.7 with its known traps worked round, each with its reason, so that it can go when upstream mends it.
// Line numbers are of esptool-js 0.7.0's lib/. Nothing outside this file knows about them.
import { createHash } from 'node:crypto';
import { ESPLoader, Transport } from 'esptool-js';
import { sleep } from '../network/deadline';
import type { WebSerialShape } from './webSerialShape';

const SLIP_END = 0xc0;
const SLIP_ESC = 0xdb;
const SLIP_ESC_END = 0xdc;
const SLIP_ESC_ESC = 0xdd;
/** Longer than any answer of ROM or stub. */
const MAX_PACKET = 64 * 1024;
/** What a board said outside of the protocol, kept for the error message (boot log, panic). */
const MAX_CHATTER = 4096;

const SPI_SET_PARAMS = 0x0b;
const SPI_ATTACH = 0x0d;
const FLASH_BLOCK = 0x10000;
const FLASH_SECTOR = 0x1000;
const FLASH_PAGE = 0x100;

const READ_BLOCK = 0x1000;
const READ_IN_FLIGHT = 64;

/**
 * webserial.js, with an end to every wait:
 * - `read` (370) polls each millisecond, and only its time limit ends it when the line is lost: ours is woken by data
 *   and by `stop`. It takes text between packets (a boot log) for "Invalid head of packet"; ours passes over it.
 * - `readLoop` (183 before 194) never reports a lost device.
 * - `write` (147) keeps the writer locked when it fails, and drops the bytes in silence when the port is closed.
 * - `disconnect` (497) waits without end for streams to be unlocked.
 * - `trace` (108) prints to the console although tracing is off.
 */
export class BoardTransport extends Transport {
  /** Text that came between packets, newest last. */
  chatter = '';
  readonly #port: WebSerialShape;
  readonly #stop: AbortSignal;
  #queue: Uint8Array = new Uint8Array(0);
  #wake: () => void = () => {};
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  /** `stop` ends every wait here with its reason: cancelled by the user, or the line was lost. */
  constructor(port: WebSerialShape, stop: AbortSignal) {
    super(port, false);
    this.#port = port;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#wake(), { once: true });
  }

  override trace(_message: string): void {}

  override async readLoop(): Promise<void> {
    const reader = this.#port.readable?.getReader();
    if (!reader) return;
    this.#reader = reader;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        this.#queue = this.#queue.length === 0 ? value : this.appendArray(this.#queue, value);
        this.#wake();
      }
    } catch {
      // the loss is told by `stop`
    } finally {
      reader.releaseLock();
    }
  }

  override async write(data: Uint8Array): Promise<void> {
    this.#stop.throwIfAborted();
    const writer = this.#port.writable?.getWriter();
    if (!writer) throw new Error('The port is closed.');
    try {
      await this.#orStop(writer.write(slipEncode(data)));
    } finally {
      writer.releaseLock();
    }
  }

  /** The next packet, unescaped. Rejects after `timeout` milliseconds without its beginning or without more of it. */
  override async read(timeout: number): Promise<Uint8Array> {
    const packet: number[] = [];
    let inside = false;
    let escaped = false;
    let end = Date.now() + timeout;
    for (;;) {
      if (this.#queue.length === 0) await this.#more(end - Date.now());
      const bytes = this.#queue;
      if (inside) end = Date.now() + timeout;
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i] ?? 0;
        if (byte === SLIP_END) {
          const complete = inside && packet.length > 0; // two in a row are the seam of two packets
          inside = true;
          if (!complete) continue;
          this.#queue = bytes.slice(i + 1);
          return Uint8Array.from(packet);
        }
        if (!inside) this.#hear(byte);
        else if (escaped) {
          escaped = false;
          packet.push(byte === SLIP_ESC_END ? SLIP_END : byte === SLIP_ESC_ESC ? SLIP_ESC : byte);
        } else if (byte === SLIP_ESC) escaped = true;
        else packet.push(byte);
      }
      this.#queue = new Uint8Array(0);
      if (packet.length > MAX_PACKET) throw new Error('The board sends bytes without an end of a packet.');
      if (Date.now() > end) throw new Error('No answer from the board.');
    }
  }

  override flushInput(): void {
    for (const byte of this.#queue.subarray(-MAX_CHATTER)) this.#hear(byte);
    this.#queue = new Uint8Array(0);
  }

  override inWaiting(): number {
    return this.#queue.length;
  }

  override peek(): Uint8Array {
    return this.#queue;
  }

  override async drainInput(quietMs = 100, maxMs = 400): Promise<void> {
    const end = Date.now() + maxMs;
    for (let before = -1; before !== this.#queue.length && Date.now() < end; ) {
      before = this.#queue.length;
      await sleep(quietMs, this.#stop);
    }
    this.flushInput();
  }

  override async disconnect(): Promise<void> {
    await this.#reader?.cancel().catch(() => {});
    await this.#port.close();
  }

  async #more(ms: number): Promise<void> {
    this.#stop.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, Math.max(ms, 0));
    });
    clearTimeout(timer);
    this.#stop.throwIfAborted();
    if (this.#queue.length === 0) throw new Error('No answer from the board.');
  }

  #orStop<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {}); // it fails later, when the port closes
    return new Promise((resolve, reject) => {
      const stopped = () => reject(this.#stop.reason);
      this.#stop.addEventListener('abort', stopped, { once: true });
      promise.then(resolve, reject).finally(() => this.#stop.removeEventListener('abort', stopped));
    });
  }

  #hear(byte: number): void {
    this.chatter = (this.chatter + String.fromCharCode(byte)).slice(-MAX_CHATTER);
  }
}

/** Like the library's (141), which pushes byte by byte into an array of numbers. */
function slipEncode(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length * 2 + 2);
  let to = 0;
  out[to++] = SLIP_END;
  for (const byte of data) {
    if (byte === SLIP_END || byte === SLIP_ESC) {
      out[to++] = SLIP_ESC;
      out[to++] = byte === SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
    } else out[to++] = byte;
  }
  out[to++] = SLIP_END;
  return out.subarray(0, to);
}

export interface BaudChange {
  readonly from: number;
  readonly to: number;
}

export class BoardLoader extends ESPLoader {
  readonly #line: BoardTransport;

  constructor(transport: BoardTransport, romBaudrate: number, onLine: (line: string) => void) {
    let partial = '';
    const terminal = {
      clean: () => {},
      write: (text: string) => {
        partial += text;
      },
      writeLine: (text: string) => {
        const lines = (partial + text).split(/[\r\n]+/);
        partial = '';
        for (const line of lines) if (line.trim()) onLine(line.trim());
      },
    };
    super({ transport, baudrate: romBaudrate, romBaudrate, terminal });
    this.#line = transport;
  }

  /**
   * A chip answers a SYNC eight times, and answers to earlier attempts may still be under way; the library's
   * `flushInput` before the next command then cuts one in the middle ("Autodetection failed").
   */
  override async sync(): Promise<[number, Uint8Array]> {
    const answer = await super.sync();
    await this.#line.drainInput(60, 400);
    return answer;
  }

  /**
   * For the ESP8266 the library says 0 ("not in esp8266") where `runSpiflashCommand` asks for null, and then writes the
   * bit count into the command register instead.
   */
  override async readFlashId(): Promise<number> {
    if (this.chip.CHIP_NAME === 'ESP8266')
      Object.assign(this.chip, { SPI_MOSI_DLEN_OFFS: undefined, SPI_MISO_DLEN_OFFS: undefined });
    return super.readFlashId();
  }

  /** Connects the flash's pins, as the stub does by itself. The ROM of the ESP8266 does it in FLASH_BEGIN. */
  async attachFlash(): Promise<void> {
    if (this.chip.CHIP_NAME === 'ESP8266') await this.flashBegin(0, 0);
    else await this.checkCommand('attach the flash', SPI_ATTACH, words(0, 0));
  }

  /** Not in the library: without it ROM and stub refuse what lies beyond the size that they assume. */
  async setFlashSize(bytes: number): Promise<void> {
    if (this.chip.CHIP_NAME === 'ESP8266' && !this.IS_STUB) return;
    const request = words(0, bytes, FLASH_BLOCK, FLASH_SECTOR, FLASH_PAGE, 0xffff);
    await this.checkCommand('set the flash size', SPI_SET_PARAMS, request);
  }

  /** ROMs after the ESP32's want a fifth word; the library (1115) knows that of four of them only. */
  override async flashDeflBegin(size: number, compressed: number, offset: number): Promise<number> {
    const four = ['ESP8266', 'ESP32'].includes(this.chip.CHIP_NAME);
    if (this.IS_STUB || four) return super.flashDeflBegin(size, compressed, offset);
    const erase = Math.ceil(size / this.FLASH_WRITE_SIZE) * this.FLASH_WRITE_SIZE;
    const blocks = Math.ceil(compressed / this.FLASH_WRITE_SIZE);
    const timeout = this.timeoutPerMb(this.ERASE_REGION_TIMEOUT_PER_MB, erase);
    const request = words(erase, blocks, this.FLASH_WRITE_SIZE, offset, 0);
    await this.checkCommand('enter compressed flash mode', this.ESP_FLASH_DEFL_BEGIN, request, 0, 0, timeout);
    return blocks;
  }

  /** The ROM answers with 32 ASCII digits, which the library (1216) encodes as hex once more. */
  override async flashMd5sum(address: number, size: number): Promise<string> {
    const answer = await super.flashMd5sum(address, size);
    return this.IS_STUB ? answer : Buffer.from(answer, 'hex').toString('latin1').toLowerCase();
  }

  /**
   * The library (1238) leaves the digest that ends the transfer unread, so that the next command gets it for an answer,
   * and keeps one block in flight only. Needs the stub.
   */
  override async readFlash(
    address: number,
    size: number,
    onPacket: ((packet: Uint8Array, done: number, size: number) => void) | null = null,
  ): Promise<Uint8Array> {
    const request = words(address, size, READ_BLOCK, READ_IN_FLIGHT);
    await this.checkCommand('read flash', this.ESP_READ_FLASH, request);
    const out = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const packet = await this.#line.read(this.DEFAULT_TIMEOUT);
      if (done + packet.length > size || (packet.length < READ_BLOCK && done + packet.length < size))
        throw new Error(`Lost bytes while reading flash at 0x${(address + done).toString(16)}.`);
      out.set(packet, done);
      done += packet.length;
      await this.#line.write(words(done));
      onPacket?.(packet, done, size);
    }
    const digest = await this.#line.read(this.DEFAULT_TIMEOUT);
    if (!createHash('md5').update(out).digest().equals(digest))
      throw new Error('What was read from flash does not match the digest that the board sent.');
    return out;
  }

  /** Not in the library. Whole sectors. Needs the stub. */
  async eraseRegion(offset: number, size: number): Promise<void> {
    const timeout = this.timeoutPerMb(this.ERASE_REGION_TIMEOUT_PER_MB, size);
    await this.checkCommand('erase region', this.ESP_ERASE_REGION, words(offset, size), 0, 0, timeout);
  }

  /**
   * The library's `changeBaud` (1367) falls back to the ROM's baud rate for good at the first failure; this one only
   * tells, so that the caller can try a lower rate. Resolves to false when the chip does not answer at the new rate.
   */
  async tryBaud({ from, to }: BaudChange): Promise<boolean> {
    try {
      await this.command(0x0f, words(to, this.IS_STUB ? from : 0));
      await sleep(50);
      await this.#line.changeBaudrate(to);
      await this.#line.drainInput(30, 200);
      for (let i = 0; i < 3; i++) await this.readReg(this.CHIP_DETECT_MAGIC_REG_ADDR, 500);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * `after('hard_reset')` never asserts RTS (reset.js 100) and leaves DTR as it was, which holds the boot pin low.
   * RTS drives EN, DTR drives the boot pin; both asserted count as none on the usual circuit.
   */
  async resetToApplication(): Promise<void> {
    await this.#line.setSignals(false, true, false);
    await sleep(100);
    await this.#line.setSignals(false, false, false);
  }
}

function words(...values: number[]): Uint8Array {
  const out = new Uint8Array(values.length * 4);
  const view = new DataView(out.buffer);
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  return out;
}
