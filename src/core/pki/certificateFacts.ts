// The facts of one certificate as label and value pairs, in the order a reader asks.
import type { Certificate } from '../x509/certificate';
import { crlUrls } from '../x509/crlDistribution';
import { decodeNameConstraints, NAME_CONSTRAINTS } from './nameConstraints';

export interface InspectedCertificate {
  readonly certificate: Certificate;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
}

/** Label and value pairs, in the order a reader asks. */
export function certificateFacts({ certificate, fingerprint }: InspectedCertificate): [label: string, value: string][] {
  const { publicKey, keyUsage, extendedKeyUsage, subjectAltNames, basicConstraints } = certificate;
  const date = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  const key = publicKey.curve ?? `${publicKey.bits} bits`;
  const facts: [string, string | undefined][] = [
    ['Subject', certificate.subject.text],
    ['Issuer', certificate.issuer.text === certificate.subject.text ? 'itself' : certificate.issuer.text],
    ['Valid', `${date(certificate.notBefore)} to ${date(certificate.notAfter)}`],
    ['Names', subjectAltNames?.map(({ type, value }) => `${type}:${value}`).join(', ')],
    ['Authority', authorityText(basicConstraints)],
    ['May certify', permittedText(certificate)],
    ['Key usage', keyUsage?.join(', ')],
    ['Purpose', extendedKeyUsage?.join(', ')],
    ['Key', `${publicKey.algorithm.toUpperCase()}, ${key}`],
    ['Signature', certificate.signatureAlgorithm.name],
    ['Serial', certificate.serial],
    ['SHA-256', fingerprint],
    ['Revocation list', crlUrls(certificate.extensions).join(', ')],
    ['Subject key id', certificate.subjectKeyId],
    ['Authority key id', certificate.authorityKeyId],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

function authorityText(constraints: Certificate['basicConstraints']): string | undefined {
  if (!constraints) return undefined;
  if (!constraints.ca) return 'no';
  return constraints.pathLength === undefined ? 'yes' : `yes, with at most ${constraints.pathLength} below it`;
}

/** An extension that cannot be read is shown as such: whoever verifies refuses the certificate. */
function permittedText({ extensions }: Certificate): string | undefined {
  const extension = extensions.find(({ oid }) => oid === NAME_CONSTRAINTS);
  if (!extension) return undefined;
  try {
    const { dns, networks } = decodeNameConstraints(extension.value);
    return `only ${[...dns, ...networks].join(', ')}`;
  } catch {
    return 'a limit that cannot be read';
  }
}
