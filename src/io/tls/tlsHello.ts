// Sends one hand-made ClientHello and reads what comes back in clear. The connection is given up after that.

import { type HelloReply, HelloReplyReader } from '../../core/tls/serverHello';
import type { Endpoint } from '../mqtt/mqttTransport';
import { openTcp } from '../mqtt/mqttTransport';
import type { OwnConnections } from '../network/ownConnections';

/** A warning `close_notify`, so that the server sees an end and not a fault. */
export const CLOSE_NOTIFY = Uint8Array.of(21, 3, 3, 0, 2, 1, 0);

const START_BYTES = 256;

export interface HelloAnswer extends HelloReply {
  /** The first bytes that came, to tell what it is when it is no TLS. */
  readonly start: Uint8Array;
  /** `server`: it closed or reset the connection. */
  readonly endedBy: 'us' | 'server' | 'time';
}

/**
 * Resolves with what came until the reply was complete, the server closed, or the time was over. Throws ConnectError
 * when there is no TCP connection, and the signal's reason when aborted.
 */
export async function sendHello(
  { host, port, own }: Pick<Endpoint, 'host' | 'port'> & { readonly own?: OwnConnections },
  hello: Uint8Array,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HelloAnswer> {
  const socket = await openTcp(host, port, timeoutMs, signal, own);
  const reader = new HelloReplyReader();
  let start = new Uint8Array();
  const endedBy = await new Promise<HelloAnswer['endedBy']>((resolve, reject) => {
    const finish = (by: HelloAnswer['endedBy'], error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (socket.writable) socket.end(CLOSE_NOTIFY, () => socket.destroy());
      else socket.destroy();
      if (error) reject(error);
      else resolve(by);
    };
    const onAbort = (): void => finish('us', signal.reason);
    const timer = setTimeout(() => finish('time'), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.on('error', () => finish('server')); // a reset is an answer as well: nothing in the reply
    socket.on('close', () => finish('server'));
    socket.on('data', (bytes) => {
      if (start.length < START_BYTES) start = Uint8Array.from([...start, ...bytes]).subarray(0, START_BYTES);
      reader.push(bytes);
      if (reader.reply.complete) finish('us');
    });
    socket.write(hello);
  });
  return { ...reader.reply, start, endedBy };
}
