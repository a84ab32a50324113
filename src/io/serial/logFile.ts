// A log of raw bytes on disk, in order, rotated by size, memory bounded however slow the disk is.
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { renameFile } from '../files/renameFile';

export interface LogFileOptions {
  /** A file grows to this, then it becomes FILE.1, that FILE.2, and so on. */
  readonly maxBytes: number;
  /** How many old ones are kept. */
  readonly keep: number;
  /** Begins the file anew: the person chose to replace it. */
  readonly replace?: boolean;
  /** True when the disk falls behind, false when it has caught up: hold the sender back in between, where it waits. */
  readonly onPressure?: (behind: boolean) => void;
}

export const LOG_DEFAULTS: LogFileOptions = { maxBytes: 50 * 1024 * 1024, keep: 4 };
/** Waiting for the disk; a line at 3 Mbaud fills this in more than two minutes. */
const MAX_WAITING = 64 * 1024 * 1024;
const BEHIND = 8 * 1024 * 1024;
const CAUGHT_UP = 1024 * 1024;

export class LogFile {
  #stream: WriteStream | undefined;
  #size = 0;
  #waiting = 0;
  #pending: Uint8Array[] = [];
  #queue: Promise<void> = Promise.resolve();
  #failed = false;
  #behind = false;

  private constructor(
    private readonly path: string,
    private readonly options: LogFileOptions,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Appends, but for `replace`. Rejects with UserError when the file cannot be written; `onError` hears what goes wrong later, once. */
  static async open(path: string, onError: (error: Error) => void, options = LOG_DEFAULTS): Promise<LogFile> {
    const log = new LogFile(path, options, onError);
    log.#size = options.replace ? 0 : ((await stat(path).catch(() => undefined))?.size ?? 0);
    await log.#openStream(options.replace ? 'w' : 'a');
    return log;
  }

  /** Bytes that wait for the disk. */
  get waiting(): number {
    return this.#waiting;
  }

  write(bytes: Uint8Array): void {
    if (this.#failed) return;
    this.#waiting += bytes.length;
    if (this.#waiting > MAX_WAITING) {
      this.#fail(new Error('The disk is too slow; what came is not all in the log.'));
      return;
    }
    if (this.#waiting > BEHIND) this.#press(true);
    this.#pending.push(Uint8Array.from(bytes));
    if (this.#pending.length > 1) return; // the one before has asked for a turn
    this.#queue = this.#queue.then(() => this.#append()).catch((error: Error) => this.#fail(error));
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#closeStream();
  }

  /** Writes what has gathered while the disk was busy in one piece, but never across a rotation. */
  async #append(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    let batch: Uint8Array[] = [];
    let size = 0;
    for (const chunk of chunks) {
      if (this.#size + size > 0 && this.#size + size + chunk.length > this.options.maxBytes) {
        await this.#put(batch);
        [batch, size] = [[], 0];
        await this.#rotate();
      }
      batch.push(chunk);
      size += chunk.length;
    }
    await this.#put(batch);
  }

  async #put(batch: readonly Uint8Array[]): Promise<void> {
    if (this.#failed || batch.length === 0) return;
    const bytes = Buffer.concat(batch);
    await new Promise<void>((resolve, reject) => {
      this.#stream?.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    this.#size += bytes.length;
    this.#waiting -= bytes.length;
    if (this.#waiting < CAUGHT_UP) this.#press(false);
  }

  #press(behind: boolean): void {
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.options.onPressure?.(behind);
  }

  async #rotate(): Promise<void> {
    await this.#closeStream();
    await rm(`${this.path}.${this.options.keep}`, { force: true });
    for (let n = this.options.keep - 1; n >= 1; n--)
      await renameFile(`${this.path}.${n}`, `${this.path}.${n + 1}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error; // going on would put the younger one over it
      });
    await renameFile(this.path, `${this.path}.1`);
    this.#size = 0;
    await this.#openStream();
  }

  async #openStream(flags: 'a' | 'w' = 'a'): Promise<void> {
    const stream = createWriteStream(this.path, { flags });
    await new Promise<void>((resolve, reject) => {
      stream.once('open', () => resolve());
      stream.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new UserError(
            'file-unwritable',
            `${this.path} cannot be written (${error.code ?? error.message}). Choose another place.`,
          ),
        ),
      );
    });
    stream.on('error', (error) => this.#fail(error));
    this.#stream = stream;
  }

  async #closeStream(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream) await new Promise<void>((resolve) => stream.end(() => resolve()));
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#press(false);
    this.#stream?.destroy();
    this.onError(error);
  }
}
