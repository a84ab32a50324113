// Does a port answer MQTT without TLS? Says CONNECT, and DISCONNECT when it is answered.
import { randomBytes } from 'node:crypto';
import { connackCode, connectPacket, DISCONNECT_PACKET } from '../../core/diagnose/mqttHello';
import { ConnectError } from '../mqtt/connectError';
import { openTcp } from '../mqtt/mqttTransport';

/** Throws the signal's reason; whatever else goes wrong is a no. */
export async function answersPlainMqtt(
  host: string,
  port: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const socket = await openTcp(host, port, waitMs, signal).catch((error: unknown) => {
    if (error instanceof ConnectError) return undefined;
    throw error;
  });
  if (!socket) return false;
  const answered = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs);
    const done = (yes: boolean): void => {
      clearTimeout(timer);
      resolve(yes);
    };
    socket.on('data', (bytes) => done(connackCode(bytes) !== undefined));
    socket.on('error', () => done(false)).on('close', () => done(false));
    socket.write(connectPacket(`secure-iot-${randomBytes(5).toString('hex')}`));
  });
  if (answered) socket.end(DISCONNECT_PACKET, () => socket.destroy());
  else socket.destroy();
  return answered;
}
