// What the ROM loader and the stub have in common: frames in, commands one after another, frames out.
import type { Chip, Program } from './chip';
import { FlashSession, type LoaderFault } from './flashSession';
import { type LoaderRequest, makeResponse, Op, parseRequest, words, xorChecksum } from './loaderProtocol';
import { encodeSlip, SlipDecoder } from './slip';

export interface Reply {
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly fault?: LoaderFault | undefined;
  /** Runs after the reply was sent, and before the next command is looked at. */
  readonly after?: () => Promise<void> | void;
}

export abstract class Loader implements Program {
  readonly #slip = new SlipDecoder();
  #work: Promise<void> = Promise.resolve();
  #stopped = false;
  protected session: FlashSession | undefined;

  constructor(protected readonly chip: Chip) {}

  receive(bytes: Uint8Array): void {
    for (const frame of this.#slip.push(bytes)) {
      if (this.takeFrame(frame)) continue;
      const request = parseRequest(frame);
      if (request) this.#work = this.#work.then(() => this.#handle(request));
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  protected abstract statusBytes(fault: LoaderFault | undefined): Uint8Array;
  protected abstract run(request: LoaderRequest): Reply | Promise<Reply>;
  protected abstract sync(): void;

  /** A frame that is not a command: true where the loader took it. */
  protected takeFrame(_frame: Uint8Array): boolean {
    return false;
  }

  protected sendFrame(frame: Uint8Array): void {
    if (!this.#stopped) this.chip.send(encodeSlip(frame));
  }

  protected respond(op: number, reply: Reply, value: number): void {
    const status = this.statusBytes(reply.fault);
    const result = reply.data ?? new Uint8Array(0);
    const data = reply.fault ? status : Uint8Array.of(...result, ...status);
    this.sendFrame(makeResponse(op, reply.value ?? value, data));
  }

  /** Commands that both know and answer alike. */
  protected common(request: LoaderRequest): Reply | undefined {
    const word = words(request.data);
    switch (request.op) {
      case Op.READ_REG:
        return { value: this.chip.registers.read(word(0)) };
      case Op.WRITE_REG:
        for (let i = 0; i * 16 < request.data.length; i++)
          this.chip.registers.write(word(i * 4), word(i * 4 + 1), word(i * 4 + 2));
        return {};
      case Op.SPI_SET_PARAMS:
        return {};
      default:
        return undefined;
    }
  }

  /** The payload of a DATA command behind its four words, or what is wrong with it. */
  protected payload(request: LoaderRequest): Uint8Array | LoaderFault {
    const payload = request.data.subarray(16);
    if (words(request.data)(0) !== payload.length) return 'length';
    return xorChecksum(payload) === request.checksum ? payload : 'checksum';
  }

  protected begin(request: LoaderRequest, eraseFirst: boolean): Reply {
    const word = words(request.data);
    const compressed = request.op === Op.FLASH_DEFL_BEGIN;
    this.session?.end();
    this.session = new FlashSession(this.chip.flash, { size: word(0), offset: word(3), compressed, eraseFirst });
    return { fault: this.session.fault };
  }

  async #handle(request: LoaderRequest): Promise<void> {
    if (this.#stopped) return;
    if (request.op === Op.SYNC) {
      this.sync();
      return;
    }
    const reply = await this.run(request);
    if (this.#stopped) return;
    this.respond(request.op, reply, 0);
    await reply.after?.();
  }
}
