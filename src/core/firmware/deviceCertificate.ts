// Can a board use this certificate, as its own or as the authority it trusts? Refusals stop the making of a sketch,
// warnings go with it.
import { UserError } from '../errors';
import type { Certificate } from '../x509/certificate';
import type { BoardKind } from './boardList';

const CURVES: readonly string[] = ['prime256v1', 'secp256r1', 'P-256', 'secp384r1', 'P-384', 'secp521r1', 'P-521'];

/** BR_MAX_RSA_SIZE of BearSSL (inner.h); MBEDTLS_MPI_MAX_SIZE of Mbed TLS is 1024 bytes. */
const LARGEST_RSA_BITS: Readonly<Record<BoardKind['chip'], number>> = { esp8266: 4096, esp32: 8192 };

function refuse(what: string, subject = 'device certificate'): never {
  throw new UserError('certificate-unusable', `The ${subject} cannot be used: ${what}`);
}

/** Refuses a key that the board's TLS cannot compute with. */
function checkKey({ publicKey }: Certificate, chip: BoardKind['chip'], subject: string): void {
  const { algorithm, curve, bits } = publicKey;
  if (algorithm === 'ed25519' || algorithm === 'ed448') {
    refuse('Mbed TLS and BearSSL have no Ed25519 or Ed448. Make one with an ECDSA P-256 key.', subject);
  }
  if (algorithm === 'ec' && !CURVES.includes(curve ?? ''))
    refuse(`its curve (${curve}) is not one that TLS uses here.`, subject);
  const largest = LARGEST_RSA_BITS[chip];
  if (algorithm === 'rsa' && bits > largest)
    refuse(`its RSA key has ${bits} bits, and the board's TLS computes with ${largest} at most.`, subject);
}

/** Throws UserError `certificate-unusable`. `authorities`: all of the file, any of which may be the one trusted. */
export function checkTrustAnchors(
  authorities: readonly Certificate[],
  chip: BoardKind['chip'],
  nowMs: number,
): string[] {
  for (const one of authorities) checkKey(one, chip, 'CA certificate');
  const warnings: string[] = [];
  if (authorities.length > 0 && authorities.every(({ basicConstraints }) => !basicConstraints?.ca))
    warnings.push(
      'The CA certificate is not that of an authority: the board takes no broker certificate that it issued, only this very one.',
    );
  const ended = authorities.find(({ notAfter }) => notAfter < nowMs);
  if (ended) warnings.push(`The CA certificate expired on ${new Date(ended.notAfter).toISOString().slice(0, 10)}.`);
  return warnings;
}

/** Throws UserError `certificate-unusable`. Returns what is odd but works. Only the leaf is looked at. */
export function checkDeviceCertificate(
  leaf: Certificate,
  device: string,
  nowMs: number,
  chip: BoardKind['chip'] = 'esp32',
): string[] {
  const { algorithm, bits } = leaf.publicKey;
  checkKey(leaf, chip, 'device certificate');
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
