// Reads a broker's log file of any size, line by line.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '../../core/errors';
import { BrokerLogSummary } from '../../core/mqtt/brokerLogSummary';

/** Throws UserError `file-unreadable`, or the signal's reason. */
export async function summarizeBrokerLog(file: string, signal: AbortSignal): Promise<BrokerLogSummary> {
  const summary = new BrokerLogSummary();
  const input = createReadStream(file, { encoding: 'utf8' });
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  failed.catch(() => undefined); // awaited below
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      signal.throwIfAborted();
      summary.push(line);
    }
  };
  try {
    await Promise.race([read(), failed]);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('file-unreadable', `${file} cannot be read (${code ?? String(error)}). Check the path.`);
  } finally {
    input.destroy();
  }
  return summary;
}
