// A board on another machine's serial port: RFC 2217 over TCP, with baud rate and modem lines.
import { UserError } from '../../core/errors';
import {
  baudRateRequest,
  ComPort,
  Control,
  comPortRequest,
  escapeIac,
  Rfc2217Client,
  type Rfc2217Event,
} from '../../core/serial/rfc2217';
import { withDeadline } from '../network/deadline';
import type { ModemLines } from './boardPort';
import { TcpPort } from './tcpPort';

const NEGOTIATE_MS = 4_000;
const ANSWER_MS = 3_000;
/**
 * Servers that run reset sequences themselves (Espressif's esp_rfc2217_server) never confirm a line change. The first
 * unconfirmed one costs this wait, the later ones none.
 */
const CONTROL_ANSWER_MS = 250;

export class Rfc2217Port extends TcpPort {
  readonly hasModemLines = true;
  #client = new Rfc2217Client();
  #heard: ((event: Rfc2217Event) => void)[] = [];
  /** What we last asked for; unknown after connecting, so that the first request is always sent. */
  #lines: Partial<ModemLines> = {};
  #confirmsControl = true;

  async open(baudRate: number): Promise<void> {
    this.#client = new Rfc2217Client();
    this.#lines = {};
    this.#confirmsControl = true;
    await this.connect((bytes) => this.#receive(bytes));
    try {
      const decided = this.#next(
        (event) => event.kind === 'ready' || event.kind === 'refused',
        NEGOTIATE_MS,
        () => notRfc2217(this.info.address),
      );
      await this.send(this.#client.start());
      if ((await decided).kind === 'refused') throw notRfc2217(this.info.address);
      await this.#ask(ComPort.setDataSize, [8]);
      await this.#ask(ComPort.setParity, [1]);
      await this.#ask(ComPort.setStopSize, [1]);
      await this.setBaudRate(baudRate);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.send(escapeIac(bytes));
  }

  /**
   * Sends only what changes, DTR before RTS: Espressif's server starts its own reset sequence at "DTR on" and takes an
   * "RTS off" outside of it for a hard reset, so a repeated state would reset the board.
   */
  async setLines(lines: ModemLines): Promise<void> {
    const before = this.#lines;
    this.#lines = { ...lines };
    if (before.dtr !== lines.dtr) await this.#control(lines.dtr ? Control.dtrOn : Control.dtrOff);
    if (before.rts !== lines.rts) await this.#control(lines.rts ? Control.rtsOn : Control.rtsOff);
    if (lines.brk !== undefined && before.brk !== lines.brk && (lines.brk || before.brk !== undefined))
      await this.#control(lines.brk ? Control.breakOn : Control.breakOff);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const answer = this.#answer(ComPort.setBaudRate, ANSWER_MS);
    await this.send(baudRateRequest(baudRate));
    const value = await answer;
    const got = value.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0) : baudRate;
    if (got !== baudRate)
      throw new UserError(
        'baud-refused',
        `The port behind ${this.info.address} cannot do ${baudRate} baud (it stays at ${got}). Choose a lower baud rate.`,
      );
  }

  #receive(bytes: Uint8Array): void {
    const { data, reply, events } = this.#client.receive(bytes);
    if (reply.length > 0) void this.send(reply).catch(() => {}); // the close tells
    for (const event of events) for (const heard of [...this.#heard]) heard(event);
    if (data.length > 0) this.events.data(data);
  }

  async #ask(command: number, value: readonly number[]): Promise<void> {
    const answer = this.#answer(command, ANSWER_MS);
    await this.send(comPortRequest(command, value));
    await answer;
  }

  async #control(value: number): Promise<void> {
    if (!this.#confirmsControl) return this.send(comPortRequest(ComPort.setControl, [value]));
    const answer = this.#answer(ComPort.setControl, CONTROL_ANSWER_MS).catch(() => {
      this.#confirmsControl = false;
    });
    await this.send(comPortRequest(ComPort.setControl, [value]));
    await answer;
  }

  async #answer(command: number, ms: number): Promise<Uint8Array> {
    const event = await this.#next(
      (e) => e.kind === 'answer' && e.command === command,
      ms,
      () =>
        new UserError(
          'port-silent',
          `${this.info.address} does not answer RFC 2217 requests. Check that the server there is an RFC 2217 server, and restart it.`,
        ),
    );
    return event.kind === 'answer' ? event.value : new Uint8Array();
  }

  /** The next event that `wanted` takes. Rejects with `late()` after `ms`, or when the connection ends. */
  async #next(wanted: (event: Rfc2217Event) => boolean, ms: number, late: () => Error): Promise<Rfc2217Event> {
    let heard: (event: Rfc2217Event) => void = () => {};
    const found = new Promise<Rfc2217Event>((resolve) => {
      heard = (event) => {
        if (wanted(event)) resolve(event);
      };
    });
    this.#heard.push(heard);
    const waiting = withDeadline(this.events.whileOpen(found), ms, late).finally(() => {
      this.#heard = this.#heard.filter((h) => h !== heard);
    });
    waiting.catch(() => {}); // the caller may fail before it gets to wait
    return waiting;
  }
}

function notRfc2217(address: string): UserError {
  return new UserError(
    'not-rfc2217',
    `What listens at ${address} is not an RFC 2217 server. If it passes raw bytes, use ${address.replace(/^rfc2217/i, 'socket')} instead.`,
  );
}
