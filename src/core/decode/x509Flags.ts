// Why a certificate was refused: the flags of mbedtls_x509_crt_verify, as a number or as the sentences of verify_info.
import type { DecodeContext } from './context';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/x509Flags.json';

const FLAGS: readonly (readonly [number, string])[] = Object.entries(table.flags).map(([bit, name]) => [
  Number(bit),
  name,
]);
const NAMES: ReadonlySet<string> = new Set(FLAGS.map(([, name]) => name));

/** Sentences of X509_CRT_ERROR_INFO_LIST in mbedtls include/mbedtls/x509.h, without what follows in brackets. */
const PHRASES: readonly Phrase[] = [
  { pattern: /certificate (validity has expired)/i, name: 'MBEDTLS_X509_BADCERT_EXPIRED' },
  { pattern: /certificate (has been revoked)/i, name: 'MBEDTLS_X509_BADCERT_REVOKED' },
  {
    pattern: /(Common Name \(CN\) does not match|does not match with the expected CN)/i,
    name: 'MBEDTLS_X509_BADCERT_CN_MISMATCH',
  },
  { pattern: /certificate is (not correctly signed by the trusted CA)/i, name: 'MBEDTLS_X509_BADCERT_NOT_TRUSTED' },
  { pattern: /CRL is (not correctly signed by the trusted CA)/i, name: 'MBEDTLS_X509_BADCRL_NOT_TRUSTED' },
  { pattern: /(CRL is expired)/i, name: 'MBEDTLS_X509_BADCRL_EXPIRED' },
  { pattern: /\b(Certificate was missing)/i, name: 'MBEDTLS_X509_BADCERT_MISSING' },
  { pattern: /(certificate verification was skipped)/i, name: 'MBEDTLS_X509_BADCERT_SKIP_VERIFY' },
  { pattern: /(Other reason \(can be used by verify callback\))/i, name: 'MBEDTLS_X509_BADCERT_OTHER' },
  { pattern: /certificate (validity starts in the future)/i, name: 'MBEDTLS_X509_BADCERT_FUTURE' },
  { pattern: /(CRL is from the future)/i, name: 'MBEDTLS_X509_BADCRL_FUTURE' },
  { pattern: /(does not match the keyUsage extension)/i, name: 'MBEDTLS_X509_BADCERT_KEY_USAGE' },
  { pattern: /(does not match the extendedKeyUsage extension)/i, name: 'MBEDTLS_X509_BADCERT_EXT_KEY_USAGE' },
  { pattern: /(does not match the nsCertType extension)/i, name: 'MBEDTLS_X509_BADCERT_NS_CERT_TYPE' },
  { pattern: /certificate is signed with an (unacceptable hash)/i, name: 'MBEDTLS_X509_BADCERT_BAD_MD' },
  { pattern: /certificate is signed with an (unacceptable PK alg)/i, name: 'MBEDTLS_X509_BADCERT_BAD_PK' },
  { pattern: /certificate is signed with an (unacceptable key)/i, name: 'MBEDTLS_X509_BADCERT_BAD_KEY' },
  { pattern: /CRL is signed with an (unacceptable hash)/i, name: 'MBEDTLS_X509_BADCRL_BAD_MD' },
  { pattern: /CRL is signed with an (unacceptable PK alg)/i, name: 'MBEDTLS_X509_BADCRL_BAD_PK' },
  { pattern: /CRL is signed with an (unacceptable key)/i, name: 'MBEDTLS_X509_BADCRL_BAD_KEY' },
  // ESP-IDF's certificate bundle (components/mbedtls/esp_crt_bundle/esp_crt_bundle.c)
  { pattern: /(No matching trusted root certificate found)/i, name: 'CRT_BUNDLE_NO_MATCHING_ROOT' },
  {
    pattern:
      /(?:crt[_-]bundle|crt_verify_callback).*?(Failed to verify certificate|signature verification failed|PK verify failed)/i,
    name: 'CRT_BUNDLE_VERIFY_FAILED',
  },
  {
    pattern: /(Failed to verify peer certificate!?)/,
    name: 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED',
    code: '-0x2700',
    quietFor: 3,
  },
];

const NUMBER =
  /(?:cert(?:ificate)?[_ ]verif(?:y|ication)[_ ](?:(?:failed )?(?:with |\()?flags?|result)|verif(?:y|ication)[_ ]flags?|x\.?509[_ ]flags?|crt[_ ](?:verify[_ ])?flags?|get_verify_result\(?\)?(?: returned)?|SSL verify result)\s*(?:[:=]|is)?\s*(0x[0-9a-f]{1,8}|\d{1,7})(?![\w.])/gi;
const CONSTANT = /\bMBEDTLS_X509_BAD(?:CERT|CRL)_[A-Z_]+/g;

/** Flags of a mask, the lowest first; undefined where a bit has no name. */
function flagNames(mask: number): string[] | undefined {
  const names = FLAGS.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name);
  const known = FLAGS.reduce((sum, [bit]) => sum | bit, 0);
  return mask > 0 && (mask & ~known) === 0 ? names : undefined;
}

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: Hit[] = [...findPhrases(PHRASES, 'x509-flags', line, context)];
  for (const match of line.matchAll(NUMBER)) {
    const text = match[1] ?? '';
    const [name, ...also] = flagNames(Number(text)) ?? [];
    if (!name) continue;
    const start = match.index + match[0].length - text.length;
    hits.push({ start, text, code: `0x${Number(text).toString(16)}`, name, family: 'x509-flags', also });
  }
  for (const match of line.matchAll(CONSTANT)) {
    if (!NAMES.has(match[0])) continue;
    hits.push({ start: match.index, text: match[0], code: match[0], name: match[0], family: 'x509-flags' });
  }
  return hits;
}

export const x509Flags: Recognizer = {
  words: ['cert', 'crl', 'x509', 'x.509', 'crt', 'verif', 'usage ', 'other reason'],
  find,
};
