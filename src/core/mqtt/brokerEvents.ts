// What the local broker tells: who connected with which certificate, who was refused and why, what was published.
import type { HandshakeRefusal } from '../tls/handshakeRefusal';

export interface BrokerClient {
  readonly id: string;
  /** Common name of the client certificate; null when the client showed none. */
  readonly commonName: string | null;
  readonly username: string | null;
  /** Without the `::ffff:` of an IPv4 address on an IPv6 socket. */
  readonly remoteAddress: string;
  readonly transport: 'tls' | 'websocket';
  /** For example `TLSv1.2`. */
  readonly tlsVersion: string;
  readonly cipher: string;
  readonly sinceMs: number;
}

/** Times are epoch milliseconds. */
export type BrokerEvent =
  | { readonly type: 'clientConnected'; readonly timeMs: number; readonly client: BrokerClient }
  | { readonly type: 'clientDisconnected'; readonly timeMs: number; readonly client: BrokerClient }
  | {
      readonly type: 'handshakeFailed';
      readonly timeMs: number;
      readonly remoteAddress: string;
      readonly remotePort?: number;
      readonly refusal: HandshakeRefusal;
    }
  | {
      /** TLS was fine; MQTT was not: wrong password, MQTT 5, a malformed packet. */
      readonly type: 'clientRefused';
      readonly timeMs: number;
      readonly remoteAddress: string;
      readonly remotePort?: number;
      readonly clientId: string;
      readonly commonName: string | null;
      readonly reason: string;
    }
  | {
      readonly type: 'published';
      readonly timeMs: number;
      readonly clientId: string;
      readonly topic: string;
      readonly bytes: number;
      readonly qos: 0 | 1 | 2;
      readonly retain: boolean;
    };
