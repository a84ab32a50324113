// What a TLS handshake came to, read from node's socket: version, cipher, chain, and whether it is trusted.
import { createHash } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateSummary, HandshakeFacts } from '../../core/tls/handshakeFacts';
import { type Certificate, parseCertificate } from '../../core/x509/certificate';
import { keyText } from '../../core/x509/keyText';

export interface ChainCertificate extends CertificateSummary {
  readonly selfSigned: boolean;
  readonly certificate: Certificate;
}

export interface TlsFacts extends HandshakeFacts<ChainCertificate> {
  /** Codes of what is wrong with the chain and with the name; empty string: nothing. */
  readonly chainProblem: string;
  readonly nameProblem: string;
}

/** `name`: what the certificate must be for. The handshake must be over; `rejectUnauthorized` must have been false. */
export function readTlsFacts(socket: TLSSocket, name: string): TlsFacts {
  const cipher = socket.getCipher();
  const peer = socket.getPeerCertificate(true);
  const chain = readChain(peer);
  // Node reports one problem only, the chain's before the name's, so the name is checked again here.
  const reported: unknown = socket.authorizationError;
  const code = reported instanceof Error ? (reported as NodeJS.ErrnoException).code : reported;
  const mismatch = chain.length > 0 ? checkServerIdentity(name, peer) : undefined;
  const nameProblem = mismatch ? ((mismatch as NodeJS.ErrnoException).code ?? 'ERR_TLS_CERT_ALTNAME_INVALID') : '';
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: cipher?.standardName ?? cipher?.name ?? 'unknown',
    keyExchange: keyExchange(socket),
    servername: name,
    alpn: socket.alpnProtocol || '',
    resumed: socket.isSessionReused(),
    chain,
    chainProblem: code && code !== 'ERR_TLS_CERT_ALTNAME_INVALID' ? String(code) : '',
    nameProblem,
  };
}

function keyExchange(socket: TLSSocket): string {
  const info = socket.getEphemeralKeyInfo();
  if (!info || !('type' in info) || typeof info.type !== 'string') return '';
  const name = 'name' in info && typeof info.name === 'string' ? info.name : info.type;
  return 'size' in info && typeof info.size === 'number' ? `${name}, ${info.size} bits` : name;
}

function readChain(leaf: DetailedPeerCertificate): ChainCertificate[] {
  const chain: ChainCertificate[] = [];
  const seen = new Set<string>();
  // Node links a self-signed certificate to itself.
  for (let at: DetailedPeerCertificate | undefined = leaf; at?.raw; at = at.issuerCertificate) {
    if (seen.has(at.fingerprint256) || chain.length >= 20) break;
    seen.add(at.fingerprint256);
    chain.push(describeCertificate(new Uint8Array(at.raw)));
  }
  return chain;
}

/** Throws UserError `der-damaged`, which OpenSSL would have refused before. */
function describeCertificate(der: Uint8Array): ChainCertificate {
  const certificate = parseCertificate(der);
  const hash = createHash('sha256').update(der).digest('hex').toUpperCase();
  return {
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    names: (certificate.subjectAltNames ?? []).map(({ type, value }) => `${type.toUpperCase()}:${value}`),
    notBeforeMs: certificate.notBefore,
    notAfterMs: certificate.notAfter,
    fingerprint: hash.match(/../g)?.join(':') ?? '',
    key: keyText(certificate.publicKey),
    signature: certificate.signatureAlgorithm.name,
    selfSigned: certificate.subject.text === certificate.issuer.text,
    certificate,
  };
}
