// What strict verifiers (OpenSSL, Node, Go) refuse in a chain whose signatures are good: authorities that overstep their
// limits, and algorithms that nobody trusts any more. Dates and trust are judged elsewhere. RFC 5280, 6.1.
import { UserError } from '../errors';
import type { Certificate } from '../x509/certificate';
import { extensionName, refusedExtension } from '../x509/criticalExtensions';
import { sameBytes } from '../x509/der';
import { decodeNameConstraints, excludedNames, isAmong, NAME_CONSTRAINTS } from './nameConstraints';
import type { AltName } from './subjectAltNames';

const WEAK_HASHES: readonly string[] = ['md2', 'md4', 'md5', 'sha1'];
const LEAST_RSA_BITS = 2048;

/** `chain`: the leaf first, the trust anchor last. Each problem a sentence; none when all is well. */
export function chainProblems(chain: readonly Certificate[]): string[] {
  const [leaf, ...authorities] = chain;
  if (!leaf) return [];
  return [
    ...authorities.flatMap((authority, i) => authorityProblems(authority, countable(authorities.slice(0, i)))),
    ...authorities.flatMap((authority) => nameProblems(authority, leaf)),
    ...chain.flatMap(extensionProblems),
    ...chain.flatMap((one, i) => algorithmProblems(one, i === chain.length - 1)),
  ];
}

/** A path length counts no authority that names itself as its issuer (RFC 5280, 4.2.1.9): a link to a new key. */
function countable(authorities: readonly Certificate[]): number {
  return authorities.filter(({ subject, issuer }) => !sameBytes(subject.der, issuer.der)).length;
}

/** `below`: authorities between it and the leaf, as a path length counts them. */
function authorityProblems(authority: Certificate, below: number): string[] {
  const { basicConstraints, keyUsage } = authority;
  const name = nameOf(authority);
  if (!basicConstraints?.ca) return [`${name} signed another certificate but is no authority.`];
  if (keyUsage && !keyUsage.includes('keyCertSign')) {
    return [`The key usage of ${name} does not let it sign certificates.`];
  }
  const { pathLength } = basicConstraints;
  if (pathLength === undefined || below <= pathLength) return [];
  const allowed = pathLength === 0 ? 'no authority' : `${pathLength} at most`;
  return [`${name} has path length ${pathLength}: ${allowed} may stand below it, and here it is ${below}.`];
}

function nameProblems(authority: Certificate, leaf: Certificate): string[] {
  const extension = authority.extensions.find(({ oid }) => oid === NAME_CONSTRAINTS);
  if (!extension) return [];
  try {
    const [permitted, excluded] = [decodeNameConstraints(extension.value), excludedNames(extension.value)];
    return namesOf(leaf)
      .filter((name) => {
        const limits = name.type === 'dns' ? permitted.dns : permitted.networks;
        return isAmong(name, excluded) || (limits.length > 0 && !isAmong(name, permitted));
      })
      .map(({ value }) => `${nameOf(authority)} may not certify ${value} (its name constraints).`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`The name constraints of ${nameOf(authority)} cannot be read, so nobody knows what it may certify.`];
  }
}

/** As OpenSSL: without names in the SAN a common name with a dot counts as one. */
function namesOf({ subjectAltNames, subject }: Certificate): AltName[] {
  const names = (subjectAltNames ?? []).flatMap(({ type, value }) =>
    type === 'dns' || type === 'ip' ? [{ type, value }] : [],
  );
  const { commonName } = subject;
  return names.length === 0 && commonName?.includes('.') ? [{ type: 'dns', value: commonName }] : names;
}

/** OpenSSL looks at the anchor's too. */
function extensionProblems(certificate: Certificate): string[] {
  const refused = refusedExtension(certificate, 'openssl');
  return refused
    ? [
        `${nameOf(certificate)} has a critical extension that OpenSSL does not know, ${extensionName(refused)}: brokers and PCs refuse the whole chain. Issue it again with that extension not critical.`,
      ]
    : [];
}

/** An anchor is trusted as it is: its own signature is not looked at. */
function algorithmProblems(certificate: Certificate, isAnchor: boolean): string[] {
  const { publicKey, signatureAlgorithm } = certificate;
  const name = nameOf(certificate);
  const problems: string[] = [];
  if (publicKey.algorithm === 'rsa' && publicKey.bits < LEAST_RSA_BITS) {
    problems.push(
      `The RSA key of ${name} has only ${publicKey.bits} bits: OpenSSL and Mbed TLS refuse it. Use ECDSA P-256, or RSA 2048.`,
    );
  }
  if (!isAnchor && signatureAlgorithm.hash && WEAK_HASHES.includes(signatureAlgorithm.hash)) {
    problems.push(
      `${name} is signed with ${signatureAlgorithm.name}: OpenSSL 3 and boards refuse that. Sign it again with SHA-256.`,
    );
  }
  return problems;
}

function nameOf({ subject }: Certificate): string {
  return subject.commonName ?? subject.text;
}
