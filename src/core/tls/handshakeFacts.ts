// What a finished TLS handshake and a certificate say of themselves, in the words that are shown to a person.

export interface CertificateSummary {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as `DNS:localhost` and `IP:192.168.1.10`. */
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  /** For example `EC P-256` or `RSA 2048`. */
  readonly key: string;
  /** For example `ecdsa-with-SHA256`. */
  readonly signature: string;
}

export interface HandshakeFacts<Certificate extends CertificateSummary = CertificateSummary> {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly version: string;
  /** IANA name, for example `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** For example `X25519, 253 bits`; empty where the library does not say. */
  readonly keyExchange: string;
  /** The name that was sent (SNI) or, for an address, only matched. */
  readonly servername: string;
  /** Empty: none agreed. */
  readonly alpn: string;
  readonly resumed: boolean;
  /** Leaf first. Completed from the trusted CAs: OpenSSL appends an issuer that it knows though the broker did not send it. */
  readonly chain: readonly Certificate[];
}
