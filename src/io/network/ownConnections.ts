// Connections that this program makes to find something out (replays, TLS tests), by their local port: the local broker
// in the same process would take what it refuses of them for boards that fail.
import type { Socket } from 'node:net';

/** A refusal is told a moment after the connection is gone. */
const REMEMBERED_MS = 2_000;

export class OwnConnections {
  private readonly ports = new Set<number>();

  /** Call before `socket` is connected. */
  watch(socket: Socket): void {
    socket.once('connect', () => {
      const { localPort } = socket;
      if (localPort === undefined) return;
      this.ports.add(localPort);
      socket.once('close', () => setTimeout(() => this.ports.delete(localPort), REMEMBERED_MS).unref());
    });
  }

  has(remotePort: number | undefined): boolean {
    return remotePort !== undefined && this.ports.has(remotePort);
  }
}
