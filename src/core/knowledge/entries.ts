// Finds the entry of a hit: by the part that matters, then by name, else from the name itself.
import type { Hit } from '../decode/recognizer';
import type { Entry } from './entry';
import { mbedtlsEntries } from './mbedtls';

const ENTRIES: ReadonlyMap<string, Entry> = new Map(Object.entries(mbedtlsEntries));

export function entryFor(hit: Hit): Entry {
  // A combined code that ran out of memory is about memory, whatever its high part says.
  const memory = hit.also?.find((name) => /ALLOC_FAILED$|INSUFFICIENT_MEMORY$/.test(name));
  return ENTRIES.get(memory ?? hit.name) ?? ENTRIES.get(hit.name) ?? generic(hit);
}

const MODULES: Readonly<Record<string, string>> = {
  SSL: 'TLS',
  X509: 'X.509 certificates',
  PK: 'keys',
  PEM: 'PEM texts',
  NET: 'the network',
  RSA: 'RSA',
  ECP: 'elliptic curves',
  MPI: 'big numbers',
  ASN1: 'ASN.1',
  CTR_DRBG: 'the random generator',
  HMAC_DRBG: 'the random generator',
  ENTROPY: 'entropy',
  CIPHER: 'ciphers',
  MD: 'hashes',
  DHM: 'Diffie-Hellman',
  OID: 'object identifiers',
  PKCS5: 'PKCS#5',
  PKCS12: 'PKCS#12',
  PKCS7: 'PKCS#7',
  AES: 'AES',
  GCM: 'AES-GCM',
  CCM: 'AES-CCM',
  BASE64: 'Base64',
  SHA256: 'SHA-256',
  SHA512: 'SHA-512',
};

/** A reading of the official name, for codes without an entry of their own: true, and no more. */
function generic({ name, family }: Hit): Entry {
  const mbedtls = /^MBEDTLS_ERR_([A-Z0-9]+(?:_DRBG)?)_(.+)$/.exec(name);
  if (mbedtls) {
    const [, module = '', rest = ''] = mbedtls;
    return {
      title: `Mbed TLS, ${MODULES[module] ?? module}: ${rest.toLowerCase().replaceAll('_', ' ')}.`,
      causes: [],
      fixes: [],
      sources: [`mbedtls include/mbedtls (${name})`],
    };
  }
  return { title: `${name.replaceAll('_', ' ')} (${family}).`, causes: [], fixes: [], sources: [] };
}
