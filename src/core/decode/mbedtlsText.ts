// The sentences of mbedtls_strerror, where a log has lost the number that goes with them.
import type { DecodeContext } from './context';
import { readMbedtls } from './mbedtlsTable';
import type { Hit, Recognizer } from './recognizer';

/** Beginnings of library/error.c, enough to tell them apart, for what a connection gives. */
const SENTENCES: readonly (readonly [string, number])[] = [
  ['ERROR - Generic error', 0x01],
  ['NET - Failed to open a socket', 0x42],
  ['NET - The connection to the given server', 0x44],
  ['NET - Reading information from the socket failed', 0x4c],
  ['NET - Sending information through the socket failed', 0x4e],
  ['NET - Connection was reset by peer', 0x50],
  ['NET - Failed to get an IP address for the given hostname', 0x52],
  ['PEM - No PEM header or footer found', 0x1080],
  ['X509 - Unavailable feature', 0x2080],
  ['X509 - The CRT/CRL/CSR format is invalid', 0x2180],
  ['X509 - The date tag or value is invalid', 0x2400],
  ['X509 - The extension tag or value is invalid', 0x2500],
  ['X509 - Signature algorithm (oid) is unsupported', 0x2600],
  ['X509 - Certificate verification failed', 0x2700],
  ['X509 - Format not recognized as DER or PEM', 0x2780],
  ['X509 - Allocation of memory failed', 0x2880],
  ['X509 - A fatal error occur', 0x3000],
  ['PK - Private key password can', 0x3c00],
  ['PK - Invalid key tag or value', 0x3d00],
  ['SSL - The operation timed out', 0x6800],
  ['SSL - Internal error', 0x6c00],
  ['SSL - Verification of the message MAC failed', 0x7180],
  ['SSL - An invalid SSL record was received', 0x7200],
  ['SSL - The connection indicated an EOF', 0x7280],
  ['SSL - No CA Chain is set', 0x7680],
  ['SSL - An unexpected message was received', 0x7700],
  ['SSL - A fatal alert message was received', 0x7780],
  ['SSL - The peer notified us that the connection is going to be closed', 0x7880],
  ['SSL - Memory allocation failed', 0x7f00],
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: Hit[] = [];
  for (const [text, magnitude] of SENTENCES) {
    const start = line.indexOf(text);
    const reading = start === -1 ? undefined : readMbedtls(magnitude, context.mbedtls?.value);
    if (!reading) continue;
    const { code, name, version } = reading;
    hits.push({ start, text, code, name, family: 'mbedtls', version, sentence: true });
  }
  return hits;
}

export const mbedtlsText: Recognizer = { words: ['error - ', 'ssl - ', 'x509 - ', 'net - ', 'pk - ', 'pem - '], find };
