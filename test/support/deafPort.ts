// A port whose line carries nothing above a baud rate, as a long cable or a cheap bridge does.
import type { BoardPort, ModemLines, PortInfo } from '../../src/io/serial/boardPort';

export class DeafPort implements BoardPort {
  #deaf = false;

  constructor(
    private readonly port: BoardPort,
    private readonly highest: number,
  ) {}

  get info(): PortInfo {
    return this.port.info;
  }

  get hasModemLines(): boolean {
    return this.port.hasModemLines;
  }

  async open(baudRate: number): Promise<void> {
    this.#deaf = baudRate > this.highest;
    await this.port.open(baudRate);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#deaf) await this.port.write(bytes);
  }

  setLines(lines: ModemLines): Promise<void> {
    return this.port.setLines(lines);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    this.#deaf = baudRate > this.highest;
    await this.port.setBaudRate(baudRate);
  }

  pause(): void {
    this.port.pause();
  }

  resume(): void {
    this.port.resume();
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.port.onData((bytes) => {
      if (!this.#deaf) listener(bytes);
    });
  }

  onClose(listener: (error?: Error) => void): () => void {
    return this.port.onClose(listener);
  }

  close(): Promise<void> {
    return this.port.close();
  }
}
