// RFC 2217 (telnet COM port control), the client's side: a pure state machine, bytes in, data and answers out.
// https://www.rfc-editor.org/rfc/rfc2217 and, for telnet's option negotiation, https://www.rfc-editor.org/rfc/rfc855

const IAC = 0xff;
const DONT = 0xfe;
const DO = 0xfd;
const WONT = 0xfc;
const WILL = 0xfb;
const SB = 0xfa;
const SE = 0xf0;

const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;
/** Options that we take, on either side. Anything else is refused. */
const WANTED: readonly number[] = [BINARY, SUPPRESS_GO_AHEAD, COM_PORT];

/** Commands of the client; the server answers with the same number plus 100. */
export const ComPort = {
  setBaudRate: 1,
  setDataSize: 2,
  setParity: 3,
  setStopSize: 4,
  setControl: 5,
  purge: 12,
} as const;
const SERVER = 100;
const SERVER_MODEM_STATE = 107;
const SERVER_SUSPEND = 108;
const SERVER_RESUME = 109;

/** Values of `setControl`. */
export const Control = {
  noFlowControl: 1,
  breakOn: 5,
  breakOff: 6,
  dtrOn: 8,
  dtrOff: 9,
  rtsOn: 11,
  rtsOff: 12,
} as const;

/** A subnegotiation is never longer than a few bytes; what grows beyond this is not telnet. */
const MAX_SUBNEGOTIATION = 1024;

export type Rfc2217Event =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'answer'; readonly command: number; readonly value: Uint8Array }
  | { readonly kind: 'modem-state'; readonly value: number }
  | { readonly kind: 'suspend' | 'resume' };

export interface Rfc2217Step {
  /** What the board sent, unescaped. */
  readonly data: Uint8Array;
  /** What telnet wants to be answered; send it as it is. Empty most of the time. */
  readonly reply: Uint8Array;
  readonly events: readonly Rfc2217Event[];
}

type OptionState = 'no' | 'asked' | 'yes';
type Mode = 'data' | 'iac' | 'negotiate' | 'sub' | 'sub-iac';

/** Doubles 0xFF, which telnet would take for a command. */
export function escapeIac(data: Uint8Array): Uint8Array {
  let count = 0;
  for (let at = data.indexOf(IAC); at >= 0; at = data.indexOf(IAC, at + 1)) count++;
  if (count === 0) return data;
  const out = new Uint8Array(data.length + count);
  let to = 0;
  for (const byte of data) {
    out[to++] = byte;
    if (byte === IAC) out[to++] = IAC;
  }
  return out;
}

/** One COM-PORT-OPTION request, ready to send. `setBaudRate` takes 4 bytes, high byte first; the others take one. */
export function comPortRequest(command: number, value: readonly number[]): Uint8Array {
  const escaped = escapeIac(Uint8Array.from(value));
  return Uint8Array.from([IAC, SB, COM_PORT, command, ...escaped, IAC, SE]);
}

export function baudRateRequest(baudRate: number): Uint8Array {
  return comPortRequest(ComPort.setBaudRate, uint32(baudRate));
}

export function uint32(n: number): number[] {
  return [(n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff];
}

export class Rfc2217Client {
  #mode: Mode = 'data';
  #command = 0;
  #sub: number[] = [];
  #said = false;
  /** Key: `us:option` (WILL/WONT is ours) or `they:option` (DO/DONT asks them). */
  readonly #options = new Map<string, OptionState>();

  /** The opening requests, to send as soon as the connection stands. */
  start(): Uint8Array {
    const out: number[] = [];
    for (const option of WANTED) {
      this.#options.set(`us:${option}`, 'asked').set(`they:${option}`, 'asked');
      out.push(IAC, WILL, option, IAC, DO, option);
    }
    return Uint8Array.from(out);
  }

  /** Takes bytes from the connection, cut anywhere. */
  receive(bytes: Uint8Array): Rfc2217Step {
    const data = new Uint8Array(bytes.length);
    let length = 0;
    const reply: number[] = [];
    const events: Rfc2217Event[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#mode === 'data') {
        const next = bytes.indexOf(IAC, at);
        const end = next < 0 ? bytes.length : next;
        data.set(bytes.subarray(at, end), length);
        length += end - at;
        at = end;
        if (next < 0) break;
        this.#mode = 'iac';
        at++;
        continue;
      }
      const byte = bytes[at++] ?? 0;
      if (this.#mode === 'iac') {
        if (byte === IAC) data[length++] = IAC;
        this.#afterIac(byte);
      } else if (this.#mode === 'negotiate') {
        this.#mode = 'data';
        this.#negotiate(byte, reply, events);
      } else if (this.#mode === 'sub') {
        if (byte === IAC) this.#mode = 'sub-iac';
        else this.#pushSub(byte);
      } else if (byte === IAC) {
        this.#mode = 'sub';
        this.#pushSub(IAC);
      } else {
        this.#mode = 'data';
        if (byte === SE) this.#subnegotiation(events);
        this.#sub = [];
      }
    }
    return { data: data.subarray(0, length), reply: Uint8Array.from(reply), events };
  }

  #afterIac(byte: number): void {
    if (byte === SB) {
      this.#sub = [];
      this.#mode = 'sub';
    } else if (byte >= WILL && byte <= DONT) {
      this.#command = byte;
      this.#mode = 'negotiate';
    } else this.#mode = 'data';
  }

  #pushSub(byte: number): void {
    if (this.#sub.length < MAX_SUBNEGOTIATION) this.#sub.push(byte);
  }

  /** RFC 855 with the rule that stops loops: an answer is sent only when it changes something. */
  #negotiate(option: number, reply: number[], events: Rfc2217Event[]): void {
    const ours = this.#command === DO || this.#command === DONT;
    const agrees = this.#command === DO || this.#command === WILL;
    const key = `${ours ? 'us' : 'they'}:${option}`;
    const state = this.#options.get(key) ?? 'no';
    const [yes, no] = ours ? [WILL, WONT] : [DO, DONT];
    if (agrees && !WANTED.includes(option)) reply.push(IAC, no, option);
    else if (agrees) {
      if (state === 'no') reply.push(IAC, yes, option);
      this.#options.set(key, 'yes');
    } else {
      if (state === 'yes') reply.push(IAC, no, option);
      this.#options.set(key, 'no');
    }
    if (option === COM_PORT) this.#comPortDecided(events);
  }

  /** Servers differ in which of the two they agree to; either will do (pyserial's own server takes it so too). */
  #comPortDecided(events: Rfc2217Event[]): void {
    if (this.#said) return;
    const us = this.#options.get(`us:${COM_PORT}`);
    const they = this.#options.get(`they:${COM_PORT}`);
    if (us !== 'yes' && they !== 'yes' && !(us === 'no' && they === 'no')) return;
    this.#said = true;
    events.push({ kind: us === 'yes' || they === 'yes' ? 'ready' : 'refused' });
  }

  #subnegotiation(events: Rfc2217Event[]): void {
    const [option, command = 0, ...value] = this.#sub;
    if (option !== COM_PORT) return;
    if (command === SERVER_MODEM_STATE) events.push({ kind: 'modem-state', value: value[0] ?? 0 });
    else if (command === SERVER_SUSPEND) events.push({ kind: 'suspend' });
    else if (command === SERVER_RESUME) events.push({ kind: 'resume' });
    else if (command > SERVER)
      events.push({ kind: 'answer', command: command - SERVER, value: Uint8Array.from(value) });
  }
}
