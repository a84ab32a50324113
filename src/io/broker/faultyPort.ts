// A port that is no TLS broker, on purpose: it stalls, closes, resets, or speaks something else.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { listenError } from '../network/listenError';
import type { LocalBroker } from './localBroker';

const PLAIN_CONNACK = Uint8Array.of(0x20, 2, 0, 0);
const CONNECT = 0x10;
const HTTP = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nPlain HTTP here.\r\n';

export const FAULTY_PORTS = {
  stall: () => undefined,
  close: (socket) => void socket.end(),
  reset: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  http: (socket) => void socket.once('data', () => socket.end(HTTP)),
  garbage: (socket) => void socket.once('data', () => socket.end(Buffer.alloc(64, 0xa5))),
  // Whatever is no CONNECT ends the connection, as mosquitto does it.
  plain: (socket) => void socket.once('data', (bytes) => plainAnswer(socket, bytes)),
} as const satisfies Record<string, (socket: Socket) => void>;

export async function startFaultyPort(
  onConnection: (socket: Socket) => void,
  host: string,
  port: number,
): Promise<LocalBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onConnection(socket);
    socket.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error) => void listenError(error, host, port).then(reject));
    server.listen(port, host, resolve);
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    webSocketPort: undefined,
    requiresClientCertificate: false,
    clients: () => [],
    useRevocationList: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function plainAnswer(socket: Socket, bytes: Buffer): void {
  if (bytes[0] !== CONNECT) socket.end();
  else socket.write(PLAIN_CONNACK);
}
