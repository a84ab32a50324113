// `secure-iot pub --clear`: the retained messages of topic filters, shown first, then cleared.
import { CancelledError, UserError } from '../core/errors';
import { filterProblem } from '../core/mqtt/topicFilter';
import { visibleLine } from '../core/mqtt/visibleText';
import { ConnectError } from '../io/mqtt/connectError';
import { sleep } from '../io/network/deadline';
import { CliUsageError } from './arguments';
import { interruptSignal } from './boardOptions';
import { failureText, openSession } from './brokerSession';
import type { BrokerConnection } from './connectionOptions';

/** Brokers send what they keep right after the subscription; after this long without one, that was all. */
const QUIET_MS = 1_000;

/** Resolves to the exit code. Throws UserError `not-confirmed` after it has shown what would go. */
export async function clearRetained(
  connection: BrokerConnection,
  filters: readonly string[],
  confirmed: boolean,
): Promise<number> {
  for (const filter of filters) {
    const problem = filterProblem(filter);
    if (problem) throw new CliUsageError(`"${filter}": ${problem}`);
  }
  const stop = interruptSignal();
  const goOn = (): void => {
    if (stop.aborted) throw new CancelledError();
  };
  const topics = new Set<string>();
  let lastMs = 0;
  try {
    const { session } = await openSession(
      connection,
      {
        onMessage: ({ topic, retain }) => {
          if (!retain || topic.startsWith('$') || topics.has(topic)) return; // $ is the broker's own
          topics.add(topic);
          lastMs = Date.now();
        },
      },
      stop,
    );
    try {
      for (const filter of filters) {
        const answer = await session.subscribe(filter, 0);
        if (answer.type === 'refused') throw new UserError('refused', `"${filter}" was refused: ${answer.reason}`);
      }
      lastMs = Date.now();
      while (Date.now() - lastMs < QUIET_MS && !stop.aborted) await sleep(50, stop);
      goOn();
      const found = [...topics].sort();
      for (const topic of found) process.stdout.write(`${visibleLine(topic)}\n`);
      if (found.length > 0 && !confirmed)
        throw new UserError('not-confirmed', 'Nothing was cleared yet. Run it again with --yes to clear these.');
      for (const topic of found) {
        goOn();
        await session.publish(topic, new Uint8Array(), { qos: 1, retain: true });
      }
      process.stderr.write(`${found.length} retained ${found.length === 1 ? 'message' : 'messages'} cleared.\n`);
      return 0;
    } finally {
      await session.disconnect();
    }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    process.stderr.write(`secure-iot pub: ${await failureText(error, connection)}`);
    return 2;
  }
}
