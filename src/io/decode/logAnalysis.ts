// Decodes a log as it streams: constant memory whatever its size, with progress and cancel.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DecoderOptions } from '../../core/decode/decoder';
import { LogDecoder, type LogHooks } from '../../core/decode/logDecoder';
import { CancelledError, UserError } from '../../core/errors';

export interface AnalysisOptions extends DecoderOptions, LogHooks {
  readonly signal?: AbortSignal;
  /** Bytes read so far; about every chunk. */
  readonly onProgress?: (bytes: number) => void;
}

const CHUNK = 64 * 1024;

/** A stream of `path`'s bytes, and its size. Throws UserError where it cannot be read. */
export async function openLog(path: string): Promise<{ chunks: AsyncIterable<Uint8Array>; size: number }> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new UserError('log-not-found', `There is no file "${path}". Check the path.`);
    throw new UserError('log-unreadable', `"${path}" cannot be read (${error.code}). Check its permissions.`);
  });
  if (info.isDirectory()) throw new UserError('log-is-folder', `"${path}" is a folder. Name a log file in it.`);
  return { chunks: createReadStream(path, { highWaterMark: CHUNK }), size: info.size };
}

/** Resolves to the number of lines. Throws CancelledError when the signal says so. */
export async function analyzeLog(chunks: AsyncIterable<Uint8Array>, options: AnalysisOptions): Promise<number> {
  const decoder = new LogDecoder(options, options);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      if (options.signal?.aborted) throw new CancelledError();
      decoder.push(chunk);
      bytes += chunk.length;
      options.onProgress?.(bytes);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new UserError('log-unreadable', `The log could not be read to its end (${code}). Check its permissions.`);
  }
  decoder.end();
  return decoder.lines;
}
