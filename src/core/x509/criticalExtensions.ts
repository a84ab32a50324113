// Which critical extensions each verifier takes: one that it does not know ends the verification (RFC 5280, 4.2).
import { UserError } from '../errors';
import type { Certificate } from './certificate';
import { children, oid, readElement, Tag } from './der';
import type { Extension } from './extensions';

export type Verifier = 'openssl' | 'mbedtls' | 'mbedtls-3.6' | 'bearssl';

const NAMES: Readonly<Record<string, string>> = {
  '2.5.29.9': 'subject directory attributes',
  '2.5.29.14': 'subject key id',
  '2.5.29.16': 'private key usage period',
  '2.5.29.18': 'issuer alternative name',
  '2.5.29.30': 'name constraints',
  '2.5.29.31': 'CRL distribution points',
  '2.5.29.32': 'certificate policies',
  '2.5.29.33': 'policy mappings',
  '2.5.29.35': 'authority key id',
  '2.5.29.36': 'policy constraints',
  '2.5.29.37': 'extended key usage',
  '2.5.29.46': 'freshest CRL',
  '2.5.29.54': 'inhibit any policy',
  '1.3.6.1.5.5.7.1.1': 'authority information access',
  '1.3.6.1.5.5.7.1.11': 'subject information access',
  '1.3.6.1.5.5.7.1.24': 'TLS feature',
  '2.16.840.1.113730.1.1': 'Netscape certificate type',
  '2.16.840.1.113730.1.13': 'Netscape comment',
};

/** basicConstraints, keyUsage, subjectAltName, certificatePolicies: everybody's. */
const COMMON = ['2.5.29.19', '2.5.29.15', '2.5.29.17', '2.5.29.32'];
const MBEDTLS = [...COMMON, '2.5.29.37', '2.16.840.1.113730.1.1'];

const KNOWN: Readonly<Record<Verifier, ReadonlySet<string>>> = {
  /** OpenSSL 3.0 crypto/x509/v3_purp.c, X509_supported_extension; proxy certificates are refused in another place. */
  openssl: new Set([
    ...COMMON,
    ...['2.5.29.37', '2.16.840.1.113730.1.1', '2.5.29.30', '2.5.29.31', '2.5.29.33', '2.5.29.36', '2.5.29.54'],
    ...['1.3.6.1.5.5.7.1.7', '1.3.6.1.5.5.7.1.8', '1.3.6.1.5.5.7.1.14', '1.3.6.1.5.5.7.48.1.5'],
  ]),
  /** library/oid.c, oid_x509_ext. */
  mbedtls: new Set(MBEDTLS),
  /** Reads the two key ids (x509_crt.c, x509_get_subject_key_id and x509_get_authority_key_id). */
  'mbedtls-3.6': new Set([...MBEDTLS, '2.5.29.14', '2.5.29.35']),
  /** src/x509/x509_minimal.t0, "Extensions which are ignored when encountered, even if critical"; not extKeyUsage. */
  bearssl: new Set([
    ...COMMON,
    ...['2.5.29.35', '2.5.29.14', '2.5.29.18', '2.5.29.9', '2.5.29.31', '2.5.29.46'],
    ...['1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.1.11'],
  ]),
};

/** The first critical extension that the verifier refuses. */
export function refusedExtension({ extensions }: Certificate, verifier: Verifier): Extension | undefined {
  return extensions.find((extension) => extension.critical && refuses(extension, verifier));
}

export function refuses(extension: Extension, verifier: Verifier): boolean {
  if (!KNOWN[verifier].has(extension.oid)) return true;
  if (extension.oid !== '2.5.29.32') return false;
  if (verifier === 'openssl') return false;
  const found = policies(extension.value);
  return found === undefined || (verifier === 'bearssl' ? hasOddQualifier(found) : !hasOnlyAnyPolicy(found));
}

/** For people: `certificate policies (2.5.29.32)`. */
export function extensionName({ oid: id }: Extension): string {
  const name = NAMES[id];
  return name ? `${name} (${id})` : id;
}

const ANY_POLICY = '2.5.29.32.0';
const CPS = '1.3.6.1.5.5.7.2.1';

/** Mbed TLS, x509_get_certificate_policies: a policy of one's own is "not supported", which counts where it is critical. */
function hasOnlyAnyPolicy(found: readonly Policy[]): boolean {
  return found.every(({ policy }) => policy === ANY_POLICY);
}

/** BearSSL, process-certPolicies: a qualifier other than the pointer to a practice statement could change the meaning. */
function hasOddQualifier(found: readonly Policy[]): boolean {
  return found.some(({ qualifiers }) => qualifiers.some((qualifier) => qualifier !== CPS));
}

interface Policy {
  readonly policy: string;
  readonly qualifiers: readonly string[];
}

/** Undefined where they cannot be read. */
function policies(value: Uint8Array): Policy[] | undefined {
  try {
    return children(readElement(value)).map((information) => {
      const [id, list] = children(information);
      const qualifiers = list?.tag === Tag.sequence ? children(list).map((one) => firstOid(children(one)[0])) : [];
      return { policy: firstOid(id), qualifiers };
    });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function firstOid(element: Parameters<typeof oid>[0] | undefined): string {
  return element?.tag === Tag.oid ? oid(element) : '';
}
