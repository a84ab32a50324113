// Sends one hand-made ClientHello and reads what comes back in clear. The connection is given up after that.

import { type HelloReply, HelloReplyReader } from '../core/tls/serverHello';
import type { Endpoint } from './mqttTransport';
import { openTcp } from './mqttTransport';

/** A warning `close_notify`, so that the server sees an end and not a fault. */
export const CLOSE_NOTIFY = Uint8Array.of(21, 3, 3, 0, 2, 1, 0);

/**
 * Resolves with what came until the reply was complete, the server closed, or the time was over. Throws ConnectError
 * when there is no TCP connection, and the signal's reason when aborted.
 */
export async function sendHello(
  { host, port }: Pick<Endpoint, 'host' | 'port'>,
  hello: Uint8Array,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HelloReply> {
  const socket = await openTcp(host, port, timeoutMs, signal);
  const reader = new HelloReplyReader();
  await new Promise<void>((resolve, reject) => {
    const finish = (error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (socket.writable) socket.end(CLOSE_NOTIFY, () => socket.destroy());
      else socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    const onAbort = (): void => finish(signal.reason);
    const timer = setTimeout(() => finish(), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.on('error', () => finish()); // a reset is an answer as well: nothing in the reply
    socket.on('close', () => finish());
    socket.on('data', (bytes) => {
      reader.push(bytes);
      if (reader.reply.complete) finish();
    });
    socket.write(hello);
  });
  return reader.reply;
}
