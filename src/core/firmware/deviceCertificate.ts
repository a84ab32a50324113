// Can a board use this certificate, as its own or as the authority it trusts? Refusals stop the making of a sketch,
// warnings go with it.
import { UserError } from '../errors';
import type { Certificate } from '../x509/certificate';
import type { BoardKind } from './boardList';

const CURVES: readonly string[] = ['prime256v1', 'secp256r1', 'P-256', 'secp384r1', 'P-384', 'secp521r1', 'P-521'];

/** What some board can do: where none was chosen yet. */
const ANY_BOARD = { largestRsaBits: 8192 };

type KeyLimits = Pick<BoardKind, 'largestRsaBits'>;

function refuse(what: string, subject = 'device certificate'): never {
  throw new UserError('certificate-unusable', `The ${subject} cannot be used: ${what}`);
}

/** Refuses a key that the board's TLS cannot compute with. */
function checkKey({ publicKey }: Certificate, { largestRsaBits }: KeyLimits, subject: string): void {
  const { algorithm, curve, bits, oid } = publicKey;
  if (algorithm === 'ed25519' || algorithm === 'ed448') {
    refuse('Mbed TLS and BearSSL have no Ed25519 or Ed448. Make one with an ECDSA P-256 key.', subject);
  }
  // oid_pk_alg of Mbed TLS and the decoder of BearSSL know rsaEncryption and ecPublicKey.
  if (algorithm !== 'ec' && algorithm !== 'rsa') {
    const kind = { 'rsa-pss': 'an RSASSA-PSS key', dsa: 'a DSA key', unknown: `of a kind unknown here (${oid})` };
    refuse(
      `its key is ${kind[algorithm]}, and boards read only plain RSA and EC keys. Make one with ECDSA P-256.`,
      subject,
    );
  }
  if (algorithm === 'ec' && !CURVES.includes(curve ?? ''))
    refuse(`its curve (${curve}) is not one that TLS uses here.`, subject);
  if (algorithm === 'rsa' && bits > largestRsaBits)
    refuse(`its RSA key has ${bits} bits, and the board's TLS computes with ${largestRsaBits} at most.`, subject);
}

/** Throws UserError `certificate-unusable`. `authorities`: all of the file, any of which may be the one trusted. */
export function checkTrustAnchors(
  authorities: readonly Certificate[],
  board: KeyLimits = ANY_BOARD,
  nowMs: number,
): string[] {
  for (const one of authorities) checkKey(one, board, 'CA certificate');
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
  board: KeyLimits = ANY_BOARD,
): string[] {
  const { algorithm, bits } = leaf.publicKey;
  checkKey(leaf, board, 'device certificate');
  if (algorithm === 'rsa' && bits < 2048) refuse(`its RSA key has ${bits} bits; 2048 is the least that brokers take.`);
  if (leaf.basicConstraints?.ca) refuse('it is the certificate of an authority, not of a device.');
  if (leaf.extendedKeyUsage && !leaf.extendedKeyUsage.includes('clientAuth')) {
    refuse(`it is for ${leaf.extendedKeyUsage.join(', ')}, not for clientAuth, so the broker will refuse it.`);
  }
  if (leaf.notAfter < nowMs) {
    refuse(`it expired on ${new Date(leaf.notAfter).toISOString().slice(0, 10)}. Renew it first.`);
  }
  const warnings: string[] = [];
  const { hash, name: signature } = leaf.signatureAlgorithm;
  if (hash?.startsWith('md')) refuse(`it is signed with ${signature}, which no broker takes any more.`);
  if (hash === 'sha1')
    warnings.push(
      'The device certificate is signed with SHA-1: brokers with OpenSSL 3, such as mosquitto, refuse it. Issue it with SHA-256.',
    );
  const name = leaf.subject.commonName;
  if (name === device) return warnings;
  return [
    ...warnings,
    `The device certificate is for "${name ?? '(no CN)'}", the device name is "${device}": access lists will differ.`,
  ];
}
