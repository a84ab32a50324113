// What a TLS test of a broker found, as data: the facts, before any judgement of them.
import type { Certificate } from '../x509/certificate';
import type { OcspAnswer } from '../x509/ocsp';
import type { FragmentSize, TlsVersion } from './clientHello';

export interface HandshakeMeasure {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** On the wire, TCP payload, both directions, until the handshake was done on our side. */
  readonly bytes: number;
  readonly roundTrips: number;
  readonly milliseconds: number;
  /** What TLS adds to one MQTT packet, as measured. */
  readonly overheadBytes?: number;
}

export interface VersionFact {
  readonly offered: boolean;
  /** The alert with which it is refused, where one came. */
  readonly alert?: number;
}

export interface Resumption {
  readonly works: boolean;
  /** Of the resumed handshake. */
  readonly measure?: HandshakeMeasure;
}

/** How one MQTT CONNECT over a finished handshake ended. */
export type MqttAnswer =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly code: number }
  /** TLS refused this identity; `alert` where the broker sent one. */
  | { readonly outcome: 'tls-refused'; readonly alert?: number; readonly message: string }
  | { readonly outcome: 'no-answer' };

export interface ProbeReport {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  /** Epoch milliseconds of the test. */
  readonly timeMs: number;
  readonly durationMs: number;
  /** `unfinished`: those that the broker refused, or that could not be finished; its log has each of them. */
  readonly connections: { readonly made: number; readonly unfinished: number };
  readonly versions: Readonly<Record<TlsVersion, VersionFact>>;
  /** Numbers of cipher suites in the server's order of preference, or ours where it follows the client. */
  readonly suites: Readonly<Record<TlsVersion, readonly number[]>>;
  /** Numbers of named groups. */
  readonly groups: readonly number[];
  readonly fragmentSizes: readonly FragmentSize[];
  /** Leaf first; as sent where `chainKnownBy` is `bytes`, else as the TLS library puts it in order. */
  readonly chain: readonly Certificate[];
  readonly chainKnownBy: 'bytes' | 'openssl';
  /** SHA-256 of each, upper-case hex with colons. */
  readonly fingerprints: readonly string[];
  readonly trust: {
    /** What the chain was checked against. */
    readonly authority: 'given' | 'system';
    /** Codes as OpenSSL names them, or `NO_CERTIFICATE`; empty: fine. */
    readonly chainProblem: string;
    readonly nameProblem: string;
    /** With a CA given: whether this system's own roots trust it too. */
    readonly bySystem?: boolean;
  };
  readonly clientCertificate: {
    readonly wanted: boolean;
    readonly required: boolean;
    /** Names of the CAs in the request. */
    readonly acceptedIssuers: readonly string[];
  };
  readonly resumption: { readonly id?: Resumption; readonly ticket?: Resumption; readonly psk13?: Resumption };
  readonly handshakes: readonly HandshakeMeasure[];
  /** What an OCSP response that came with the certificate says of it. */
  readonly ocsp: { readonly stapled: false } | ({ readonly stapled: true } & OcspAnswer);
  /** The protocol taken when `mqtt` and `x-amzn-mqtt-ca` are offered; empty: ALPN is not used. */
  readonly alpn: string;
  /** False: without SNI another certificate comes, or none. Undefined where it could not be told. */
  readonly sameWithoutSni?: boolean;
  /** With the certificate given, if any; and with none. */
  readonly mqtt: { readonly withIdentity: MqttAnswer; readonly anonymous: MqttAnswer };
  /** Plain MQTT answers on this port beside it. */
  readonly plainPort?: number;
}
