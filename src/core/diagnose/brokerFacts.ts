// What the broker showed when its handshake was replayed from here.
import type { Certificate } from '../x509/certificate';
import type { DistinguishedName } from '../x509/name';

/** How one connection with this identity ended. */
export type Attempt =
  /** TLS was done; `connack` is the broker's answer to an MQTT CONNECT, missing when it gave none. */
  | { readonly outcome: 'connected'; readonly version: string; readonly cipher: string; readonly connack?: number }
  | { readonly outcome: 'refused'; readonly alert?: number; readonly message: string };

export type Reach =
  | { readonly kind: 'open' }
  | { readonly kind: 'dns' | 'refused' | 'timeout' | 'unreachable'; readonly detail: string };

export type Silence = 'stalls' | 'closes' | 'resets';

export interface BrokerFacts {
  readonly host: string;
  readonly port: number;
  /** The name asked for in SNI. */
  readonly servername: string;
  readonly reach: Reach;
  /** It answers MQTT on this port without TLS. */
  readonly plainMqtt: boolean;
  /** Something is there that answers, but not in TLS. */
  readonly notTls: boolean;
  /** It takes the connection and answers a TLS hello by nothing at all, or by an end of the connection. */
  readonly silence?: Silence;
  /** As sent, leaf first. Empty when no handshake came so far. */
  readonly chain: readonly Certificate[];
  /** A certificate of the chain that could not be read. */
  readonly chainProblem?: string;
  /** TLS 1.2, which boards speak, is refused with this alert. */
  readonly tls12Alert?: number;
  /** Offered TLS 1.2, it answered with this older one. */
  readonly oldVersion?: 'TLS 1.0' | 'TLS 1.1';
  readonly asksForCertificate: boolean;
  /** The CAs that it names in its request; empty when it names none. */
  readonly acceptedIssuers: readonly DistinguishedName[];
  readonly withoutCertificate?: Attempt;
  /** With the board's own certificate and key. */
  readonly withCertificate?: Attempt;
}
