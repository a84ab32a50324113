// A board behind a raw TCP socket: bytes only, no modem lines and no baud rate (QEMU, ser2net raw, an emulator).
import type { Socket } from 'node:net';
import { UserError } from '../../core/errors';
import type { BoardPort, PortInfo } from './boardPort';
import { PortEvents } from './portEvents';
import { closeTcp, openTcp, type TcpPlace, writeTcp } from './tcpLine';

export class SocketPort implements BoardPort {
  readonly info: PortInfo;
  readonly hasModemLines = false;
  readonly #place: TcpPlace;
  readonly #events = new PortEvents();
  #socket: Socket | undefined;

  constructor(place: TcpPlace) {
    this.#place = place;
    this.info = { address: place.address };
  }

  async open(_baudRate: number): Promise<void> {
    this.#socket = await openTcp(this.#place, this.#events, (bytes) => this.#events.data(bytes));
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writeTcp(this.#opened(), this.#events, bytes);
  }

  setLines(): Promise<void> {
    return Promise.reject(
      new UserError(
        'lines-unsupported',
        'A raw socket has no DTR and RTS lines, so the board cannot be reset through it. Use an rfc2217:// address, or press the buttons on the board.',
      ),
    );
  }

  setBaudRate(): Promise<void> {
    return Promise.reject(new UserError('lines-unsupported', 'The baud rate cannot be changed through a raw socket.'));
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#events.onData(listener);
  }

  onClose(listener: (error?: Error) => void): () => void {
    return this.#events.onClose(listener);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await closeTcp(socket, this.#events);
  }

  #opened(): Socket {
    if (!this.#socket || !this.#events.isOpen) throw new Error(`${this.info.address} is not open.`);
    return this.#socket;
  }
}
