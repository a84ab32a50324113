// Can a board use this certificate as its own? Refusals stop the making of a sketch, warnings go with it.
import { UserError } from '../errors';
import type { Certificate } from '../x509/certificate';

const CURVES: readonly string[] = ['prime256v1', 'secp256r1', 'P-256', 'secp384r1', 'P-384', 'secp521r1', 'P-521'];

function refuse(what: string): never {
  throw new UserError('certificate-unusable', `The device certificate cannot be used: ${what}`);
}

/** Throws UserError `certificate-unusable`. Returns what is odd but works. Only the leaf is looked at. */
export function checkDeviceCertificate(leaf: Certificate, device: string, nowMs: number): string[] {
  const { algorithm, curve, bits } = leaf.publicKey;
  if (algorithm === 'ed25519' || algorithm === 'ed448') {
    refuse('Mbed TLS and BearSSL have no Ed25519 or Ed448. Make one with an ECDSA P-256 key.');
  }
  if (algorithm === 'ec' && !CURVES.includes(curve ?? ''))
    refuse(`its curve (${curve}) is not one that TLS uses here.`);
  if (algorithm === 'rsa' && bits < 2048) refuse(`its RSA key has ${bits} bits; 2048 is the least that brokers take.`);
  if (leaf.basicConstraints?.ca) refuse('it is the certificate of an authority, not of a device.');
  if (leaf.extendedKeyUsage && !leaf.extendedKeyUsage.includes('clientAuth')) {
    refuse(`it is for ${leaf.extendedKeyUsage.join(', ')}, not for clientAuth, so the broker will refuse it.`);
  }
  if (leaf.notAfter < nowMs) {
    refuse(`it expired on ${new Date(leaf.notAfter).toISOString().slice(0, 10)}. Renew it first.`);
  }
  const name = leaf.subject.commonName;
  if (name === device) return [];
  return [
    `The device certificate is for "${name ?? '(no CN)'}", the device name is "${device}": access lists will differ.`,
  ];
}
