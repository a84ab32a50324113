// What a broker's view shows, gathered from its events: who is connected, who was refused and how often.
import type { BrokerClient, BrokerEvent } from './brokerEvents';

export interface Refusal {
  readonly remoteAddress: string;
  /** Stable; a HandshakeRefusal's code, or `mqtt`. */
  readonly code: string;
  readonly reason: string;
  readonly advice: string;
  /** What such a board most likely prints. */
  readonly deviceCode: string;
  readonly count: number;
  readonly lastMs: number;
}

/** A board that fails comes back every few seconds: more kinds than these are not kept. */
const MAX_REFUSALS = 50;

export class BrokerRecord {
  messages = 0;
  private readonly connected = new Map<string, BrokerClient>();
  /** Oldest first; key: address and reason. */
  private readonly refused = new Map<string, Refusal>();

  get clients(): readonly BrokerClient[] {
    return [...this.connected.values()];
  }

  /** Latest first. */
  get refusals(): readonly Refusal[] {
    return [...this.refused.values()].reverse();
  }

  /** Returns whether the view has to be drawn again. */
  apply(event: BrokerEvent): boolean {
    switch (event.type) {
      case 'clientConnected':
        this.connected.set(event.client.id, event.client);
        return true;
      case 'clientDisconnected':
        // A client that took its own id over is connected again before the old connection is gone.
        if (this.connected.get(event.client.id)?.sinceMs === event.client.sinceMs) {
          this.connected.delete(event.client.id);
        }
        return true;
      case 'published':
        this.messages++;
        return false;
      case 'handshakeFailed': {
        const { code, reason, advice, deviceCode = '' } = event.refusal;
        if (code === 'no-hello') return false; // a port check is nobody's failure
        this.refuse({
          remoteAddress: event.remoteAddress,
          code,
          reason,
          advice,
          deviceCode,
          count: 1,
          lastMs: event.timeMs,
        });
        return true;
      }
      case 'clientRefused': {
        const { remoteAddress, reason, timeMs } = event;
        this.refuse({ remoteAddress, code: 'mqtt', reason, advice: '', deviceCode: '', count: 1, lastMs: timeMs });
        return true;
      }
    }
  }

  clear(): void {
    this.connected.clear();
    this.refused.clear();
    this.messages = 0;
  }

  private refuse(refusal: Refusal): void {
    const key = `${refusal.remoteAddress} ${refusal.reason}`;
    const count = (this.refused.get(key)?.count ?? 0) + 1;
    this.refused.delete(key);
    this.refused.set(key, { ...refusal, count });
    const [oldest] = this.refused.keys();
    if (this.refused.size > MAX_REFUSALS && oldest !== undefined) this.refused.delete(oldest);
  }
}
