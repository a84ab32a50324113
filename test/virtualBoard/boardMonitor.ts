// A client for tests: a raw connection to a board that collects what it prints, and sends RFC 2217 on request.
import { connect, type Socket } from 'node:net';

export class BoardMonitor {
  text = '';
  #changed: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1');
      this.#changed();
    });
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<BoardMonitor> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new BoardMonitor(socket);
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** DTR and RTS by COM-PORT-OPTION: 8/9 are DTR on/off, 11/12 RTS on/off. */
  control(...values: number[]): void {
    for (const value of values) this.write(Uint8Array.of(0xff, 0xfa, 44, 5, value, 0xff, 0xf0));
  }

  /** Resolves when the text so far matches; forgets it up to the end of the match. */
  async expect(pattern: RegExp, deadlineMs = 10_000): Promise<string> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) {
        this.text = this.text.slice(match.index + match[0].length);
        return match[0];
      }
      const left = end - performance.now();
      if (left <= 0) throw new Error(`nothing matched ${pattern} in ${deadlineMs} ms:\n${this.text.slice(-2000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
