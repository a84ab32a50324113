// What every board behind TCP shares: one connection and its events, back-pressure, and the end of it.
import type { Socket } from 'node:net';
import type { BoardPort, ModemLines, PortInfo } from './boardPort';
import { PortEvents } from './portEvents';
import { closeTcp, openTcp, type TcpPlace, writeTcp } from './tcpLine';

export abstract class TcpPort implements BoardPort {
  readonly info: PortInfo;
  abstract readonly hasModemLines: boolean;
  protected readonly events = new PortEvents();
  #socket: Socket | undefined;

  constructor(private readonly place: TcpPlace) {
    this.info = { address: place.address };
  }

  abstract open(baudRate: number): Promise<void>;
  abstract write(bytes: Uint8Array): Promise<void>;
  abstract setLines(lines: ModemLines): Promise<void>;
  abstract setBaudRate(baudRate: number): Promise<void>;

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.events.onData(listener);
  }

  onClose(listener: (error?: Error) => void): () => void {
    return this.events.onClose(listener);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await closeTcp(socket, this.events);
  }

  protected async connect(onBytes: (bytes: Uint8Array) => void): Promise<void> {
    this.#socket = await openTcp(this.place, this.events, onBytes);
  }

  /** Bytes as they go over the connection. */
  protected async send(bytes: Uint8Array): Promise<void> {
    if (!this.#socket || !this.events.isOpen) throw new Error(`${this.info.address} is not open.`);
    await writeTcp(this.#socket, this.events, bytes);
  }
}
