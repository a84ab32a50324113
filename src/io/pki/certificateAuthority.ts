// Makes certificates: a profile, a public key and an issuer in, a signed X.509 certificate out. The only place that
// knows @peculiar/x509's generator.
import 'reflect-metadata'; // @peculiar/x509 throws on load without it
import { type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  type CertificateRole,
  type ExtendedKeyUsage,
  type KeyUsage,
  keyUsagesOf,
  profiles,
} from '../../core/pki/certificateProfile';
import type { KeyKind } from '../../core/pki/keyKind';
import { encodeNameConstraints, NAME_CONSTRAINTS, type NameConstraints } from '../../core/pki/nameConstraints';
import type { AltName } from '../../core/pki/subjectAltNames';
import type { Validity } from '../../core/pki/validity';
import { hashFor, webCryptoKey } from './signingKey';

/** What signs: a CA certificate and its private key. `chain` is the certificates above it, nearest first, no root. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly chain?: readonly X509Certificate[];
}

export interface CertificateRequest {
  readonly role: CertificateRole;
  /** Checked by checkCommonName before. */
  readonly commonName: string;
  readonly altNames?: readonly AltName[];
  readonly validity: Validity;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly keyKind: KeyKind;
  /** Authorities below this one that may follow; undefined: no limit. */
  readonly pathLength?: number;
  readonly nameConstraints?: NameConstraints;
  /** Where clients can fetch the CRL. */
  readonly crlUrl?: string;
  /** Only for a certificate that is wrong on purpose; left out: what the issuer's key is worth. */
  readonly weakHash?: 'SHA-1';
}

/** Signs `request`. Without `issuer` the certificate signs itself with `selfKey`. */
export async function signCertificate(
  request: CertificateRequest,
  signer: { readonly issuer: Issuer } | { readonly selfKey: KeyObject },
): Promise<X509Certificate> {
  const key = 'issuer' in signer ? signer.issuer.key : signer.selfKey;
  const issuer = 'issuer' in signer ? new x509.X509Certificate(signer.issuer.certificate.raw) : undefined;
  const subject = new x509.Name([{ CN: [{ utf8String: request.commonName }] }]);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject,
      issuer: issuer?.subjectName ?? subject,
      notBefore: request.validity.notBefore,
      notAfter: request.validity.notAfter,
      publicKey: request.publicKey as Uint8Array<ArrayBuffer>,
      signingKey: await webCryptoKey(key),
      signingAlgorithm: { name: '', hash: request.weakHash ?? hashFor(key) },
      extensions: await extensionsOf(request, issuer),
    },
    webcrypto as Crypto,
  );
  return new X509Certificate(Buffer.from(certificate.rawData));
}

/** In the order of RFC 5280 section 4.2.1. Self-signed certificates carry no authorityKeyIdentifier (allowed there). */
async function extensionsOf(request: CertificateRequest, issuer?: x509.X509Certificate): Promise<x509.Extension[]> {
  const { isAuthority, extendedKeyUsage } = profiles[request.role];
  const extensions: x509.Extension[] = [];
  if (issuer) extensions.push(await authorityKeyIdentifier(issuer));
  extensions.push(
    await subjectKeyIdentifier(request.publicKey),
    new x509.KeyUsagesExtension(keyUsageFlags(keyUsagesOf(request.role, request.keyKind)), true),
  );
  if (request.altNames?.length) {
    extensions.push(
      new x509.SubjectAlternativeNameExtension(request.altNames.map(({ type, value }) => ({ type, value }))),
    );
  }
  extensions.push(new x509.BasicConstraintsExtension(isAuthority, request.pathLength, true));
  if (request.nameConstraints) {
    // Not critical, against RFC 5280: Mbed TLS and BearSSL boards refuse a certificate with a critical extension that
    // they do not know, and they know this one not. Everybody who knows it honours it either way.
    const value = encodeNameConstraints(request.nameConstraints);
    extensions.push(new x509.Extension(NAME_CONSTRAINTS, false, value));
  }
  if (extendedKeyUsage.length > 0) {
    extensions.push(new x509.ExtendedKeyUsageExtension(extendedKeyUsage.map((usage) => EXTENDED_KEY_USAGES[usage])));
  }
  if (request.crlUrl) extensions.push(new x509.CRLDistributionPointsExtension([request.crlUrl]));
  return extensions;
}

const EXTENDED_KEY_USAGES: Readonly<Record<ExtendedKeyUsage, string>> = {
  serverAuth: x509.ExtendedKeyUsage.serverAuth,
  clientAuth: x509.ExtendedKeyUsage.clientAuth,
};

function keyUsageFlags(usages: readonly KeyUsage[]): x509.KeyUsageFlags {
  return usages.reduce((flags, usage) => flags | x509.KeyUsageFlags[usage], 0 as x509.KeyUsageFlags);
}

/** RFC 5280 section 4.2.1.2, method 1 (SHA-1 over the key's bits): an identifier, not a security measure. */
function subjectKeyIdentifier(spki: Uint8Array): Promise<x509.SubjectKeyIdentifierExtension> {
  const key = new x509.PublicKey(spki as Uint8Array<ArrayBuffer>);
  return x509.SubjectKeyIdentifierExtension.create(key, false, webcrypto as Crypto);
}

/** The issuer's own identifier, since an authority made elsewhere may have derived it in another way. */
export async function authorityKeyIdentifier(
  issuer: x509.X509Certificate,
): Promise<x509.AuthorityKeyIdentifierExtension> {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  if (own) return new x509.AuthorityKeyIdentifierExtension(own);
  return x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto as Crypto);
}

/** 128 random bits and positive: the library puts a zero byte in front where the first bit is set. Never zero. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  if (bytes[0] === 0) bytes[0] = 1;
  return bytes.toString('hex');
}
