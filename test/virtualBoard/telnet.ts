// Telnet as RFC 2217 needs it: options (RFC 855), binary data, subnegotiations; bytes in, events out.
const IAC = 0xff;
const DONT = 0xfe;
const DO = 0xfd;
const WONT = 0xfc;
const WILL = 0xfb;
const SB = 0xfa;
const SE = 0xf0;

export const COM_PORT_OPTION = 44;
const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const supported = new Set([BINARY, SUPPRESS_GO_AHEAD, COM_PORT_OPTION]);

export interface TelnetEvents {
  send(bytes: Uint8Array): void;
  data(bytes: Uint8Array): void;
  subnegotiation(bytes: Uint8Array): void;
}

export class Telnet {
  readonly #ours = new Set<number>();
  readonly #theirs = new Set<number>();
  #state: 'data' | 'iac' | 'option' = 'data';
  #command = 0;
  #sub: number[] | undefined;

  constructor(private readonly events: TelnetEvents) {}

  /** The server's first word. */
  greet(): void {
    for (const option of supported) {
      this.#ours.add(option);
      this.#theirs.add(option);
      this.events.send(Uint8Array.of(IAC, WILL, option, IAC, DO, option));
    }
  }

  sendData(bytes: Uint8Array): void {
    this.events.send(doubled(bytes));
  }

  sendSubnegotiation(bytes: Uint8Array): void {
    this.events.send(Uint8Array.of(IAC, SB, ...doubled(bytes), IAC, SE));
  }

  receive(bytes: Uint8Array): void {
    let data: number[] = [];
    const flush = () => {
      if (data.length > 0) this.events.data(Uint8Array.from(data));
      data = [];
    };
    const plain = (byte: number) => {
      if (this.#sub) this.#sub.push(byte);
      else data.push(byte);
    };
    for (const byte of bytes) {
      if (this.#state === 'data') {
        if (byte === IAC) this.#state = 'iac';
        else plain(byte);
      } else if (this.#state === 'option') {
        this.#state = 'data';
        this.#negotiate(this.#command, byte);
      } else {
        this.#state = 'data';
        if (byte === IAC) plain(IAC);
        else if (byte === SB) this.#sub = [];
        else if (byte === SE) {
          flush();
          if (this.#sub) this.events.subnegotiation(Uint8Array.from(this.#sub));
          this.#sub = undefined;
        } else if (byte >= WILL) {
          this.#state = 'option';
          this.#command = byte;
        }
      }
    }
    flush();
  }

  /** Answers only what changes the state, so that two polite ends do not talk for ever. */
  #negotiate(command: number, option: number): void {
    const side = command === DO || command === DONT ? this.#ours : this.#theirs;
    const [yes, no] = side === this.#ours ? [WILL, WONT] : [DO, DONT];
    if (command === DONT || command === WONT) {
      if (side.delete(option)) this.events.send(Uint8Array.of(IAC, no, option));
    } else if (!supported.has(option)) this.events.send(Uint8Array.of(IAC, no, option));
    else if (!side.has(option)) {
      side.add(option);
      this.events.send(Uint8Array.of(IAC, yes, option));
    }
  }
}

function doubled(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(IAC)) return bytes;
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}
