// OpenSSL's X.509 verification codes, as Node names them: what is wrong with the broker's certificate, and what to do.

export interface VerifyReason {
  /** Completes "The broker's certificate was refused: ...". */
  readonly reason: string;
  readonly advice: string;
}

const UNTRUSTED: VerifyReason = {
  reason: 'it is not signed by a CA that you trust here',
  advice: 'Choose the CA that issued the broker’s certificate, or issue the broker a certificate from this CA.',
};

/** Key: the code of a verification error (`X509_V_ERR_` left out), or Node's own for the name. */
export const VERIFY_REASONS: Readonly<Record<string, VerifyReason>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    reason: 'its issuer is neither among the CAs that you trust here nor sent by the broker',
    advice: 'Choose the CA that issued it. If an intermediate CA did, the broker must send that certificate as well.',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    reason: 'its issuer is not among the CAs that you trust here, and the broker sends no chain to one',
    advice: 'Choose the CA that issued it. If an intermediate CA did, the broker must send that certificate as well.',
  },
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    reason: 'it is self-signed, and not one that you trust here',
    advice: 'Choose that certificate itself as the CA, or issue the broker a certificate from your CA.',
  },
  CERT_HAS_EXPIRED: { reason: 'it, or its CA, has expired', advice: 'Renew it, and restart the broker.' },
  CERT_NOT_YET_VALID: {
    reason: 'it, or its CA, is not valid yet',
    advice: 'Check the clock of this machine and of the one that issued it.',
  },
  CERT_SIGNATURE_FAILURE: {
    reason: 'its signature does not match the CA: that one has the right name, but another key',
    advice: 'The CA was made anew. Choose the CA that issued this certificate, or issue the certificate again.',
  },
  CERT_REVOKED: { reason: 'it has been revoked', advice: 'Issue a new one for the broker.' },
  INVALID_CA: {
    reason: 'its issuer is not allowed to issue certificates (basic constraints)',
    advice: 'Issue it from a real CA.',
  },
  PATH_LENGTH_EXCEEDED: { reason: 'its chain is longer than its CA allows', advice: 'Issue it from a CA higher up.' },
  INVALID_PURPOSE: {
    reason: 'it is not meant for a server (no serverAuth in its extended key usage)',
    advice: 'Issue a broker certificate; this looks like a device’s.',
  },
  CA_MD_TOO_WEAK: { reason: 'its CA signs with a hash that is too weak', advice: 'Make a CA with SHA-256.' },
  // What Node calls the errors that it has no name for: OpenSSL's about keys and hashes, as a rule.
  UNSPECIFIED: {
    reason: 'its key is too small, or its signature is made with a hash that is too weak, such as SHA-1',
    advice: 'Issue it with SHA-256, and with ECDSA P-256 or RSA 2048.',
  },
  EE_KEY_TOO_SMALL: { reason: 'its key is too small', advice: 'Issue it with ECDSA P-256 or RSA 2048.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: 'it is for another name',
    advice: 'Connect by a name that is in it, or issue one whose SAN has the name or address that you connect to.',
  },
  HOSTNAME_MISMATCH: {
    reason: 'it is for another name',
    advice: 'Connect by a name that is in it, or issue one whose SAN has the name or address that you connect to.',
  },
};
