// Reads a broker's log of any size, line by line, in bounded memory: also one that never ends a line.
import { UserError } from '../../core/errors';
import { BrokerLogSummary } from '../../core/mqtt/brokerLogSummary';
import { LineSplitter } from '../../core/serial/lineSplitter';
import { openLog } from '../decode/logAnalysis';

export interface BrokerLogLine {
  /** Counts from 1; the pieces of a line that is too long have the same. */
  readonly number: number;
  readonly text: string;
}

/** The lines of `file`, or of the standard input for `-`. Throws as openLog does. */
export async function* brokerLogLines(file: string): AsyncGenerator<BrokerLogLine> {
  const chunks: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : (await openLog(file)).chunks;
  const splitter = new LineSplitter();
  let number = 1;
  const numbered = function* (lines: ReturnType<LineSplitter['push']>): Generator<BrokerLogLine> {
    for (const { text, truncated } of lines) {
      yield { number, text };
      if (!truncated) number++;
    }
  };
  try {
    for await (const chunk of chunks) yield* numbered(splitter.push(chunk));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    throw new UserError('log-unreadable', `"${file}" could not be read to its end (${code}). Check its permissions.`);
  }
  yield* numbered(splitter.end());
}

/** Throws as openLog does, or the signal's reason. */
export async function summarizeBrokerLog(file: string, signal: AbortSignal): Promise<BrokerLogSummary> {
  const summary = new BrokerLogSummary();
  for await (const { number, text } of brokerLogLines(file)) {
    signal.throwIfAborted();
    summary.push(text, number);
  }
  return summary;
}
