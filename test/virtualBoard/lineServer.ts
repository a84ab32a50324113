// The TCP end of the board: one client at a time, RFC 2217 or raw bytes.
import { createServer, type Server, type Socket } from 'node:net';
import { answerComPort, type ComPortTarget } from './comPort';
import { Telnet } from './telnet';

/** Above this the socket is not read: a real port does not take more than its line can carry either. */
const BACKLOG_LIMIT = 4096;
const SECOND_CLIENT_GRACE_MS = 300;

export interface LineServerPort extends ComPortTarget {
  fromHost(bytes: Uint8Array): void;
  backlog(): number;
  opened(): void;
  closed(): void;
}

export class LineServer {
  readonly #server: Server;
  #client: { socket: Socket; send(bytes: Uint8Array): void } | undefined;
  #port = 0;

  constructor(
    private readonly line: LineServerPort,
    private readonly protocol: 'rfc2217' | 'socket',
  ) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port || this.#port, '127.0.0.1', () => resolve());
    });
    const address = this.#server.address();
    if (address && typeof address === 'object') this.#port = address.port;
    return this.#port;
  }

  send(bytes: Uint8Array): void {
    this.#client?.send(bytes);
  }

  /** The cable is pulled: the client's connection breaks, and nobody answers. */
  async close(): Promise<void> {
    this.#client?.socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    const previous = this.#client;
    if (!previous) {
      this.#serve(socket);
      return;
    }
    // A client that reopens may be seen before its old connection is seen to end.
    const refuse = setTimeout(() => socket.destroy(), SECOND_CLIENT_GRACE_MS);
    previous.socket.once('close', () => {
      clearTimeout(refuse);
      if (!socket.destroyed) this.#accept(socket);
    });
  }

  #serve(socket: Socket): void {
    const raw = (bytes: Uint8Array) => {
      if (!socket.destroyed) socket.write(bytes);
    };
    const telnet = new Telnet({
      send: raw,
      data: (bytes) => this.line.fromHost(bytes),
      subnegotiation: (bytes) => {
        const answer = answerComPort(bytes, this.line);
        if (answer) telnet.sendSubnegotiation(answer);
      },
    });
    const isTelnet = this.protocol === 'rfc2217';
    this.#client = { socket, send: isTelnet ? (bytes) => telnet.sendData(bytes) : raw };
    this.line.opened();
    if (isTelnet) telnet.greet();
    socket.on('data', (bytes) => {
      if (isTelnet) telnet.receive(bytes);
      else this.line.fromHost(bytes);
      this.#relieve(socket);
    });
    socket.on('close', () => {
      this.#client = undefined;
      this.line.closed();
    });
  }

  #relieve(socket: Socket): void {
    if (this.line.backlog() <= BACKLOG_LIMIT) {
      socket.resume();
      return;
    }
    socket.pause();
    setTimeout(() => this.#relieve(socket), 2);
  }
}
