// The broker's side: OpenSSL's error lines as mosquitto, EMQX, Python and s_client print them.
import type { DecodeContext } from './context';
import { atLineStart } from './lineStart';
import { opensslReason } from './opensslReasons';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';

/** "error:CODE:library:function:reason"; OpenSSL 3 leaves the function out. */
const ERROR = /\berror:([0-9A-F]{8}):([^:]*):([^:]*):([^:\r\n]+?)(?=\.?$|[:)\]"']|\.\s|, |\s{2}|\s\()/gi;
/** The number by itself, or in front of a text that was cut: "error:0A000418". */
const BARE = /\berror:(?:0x)?([0-9A-F]{8})\b/i;
/** Python and Node: "[SSL: CERTIFICATE_VERIFY_FAILED] …", "code: 'ERR_SSL_…'". */
const BRACKET = /\[SSL: ([A-Z0-9_]+)\]/;
/** Node prints X509_V_ERR_… without its prefix as a code. */
const NODE_CODE = /\bcode: '([A-Z][A-Z_]+)'/;
const VERIFY = /\b(?:verify error:num=|Verify return code: )(\d+)(?::[a-z -]+)?/i;

/** openssl/x509_vfy.h, the ones that brokers meet. */
export const VERIFY_NAMES: Readonly<Record<string, string>> = {
  '2': 'X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT',
  '7': 'X509_V_ERR_CERT_SIGNATURE_FAILURE',
  '9': 'X509_V_ERR_CERT_NOT_YET_VALID',
  '10': 'X509_V_ERR_CERT_HAS_EXPIRED',
  '18': 'X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT',
  '19': 'X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN',
  '20': 'X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  '21': 'X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  '23': 'X509_V_ERR_CERT_REVOKED',
  '24': 'X509_V_ERR_INVALID_CA',
  '26': 'X509_V_ERR_INVALID_PURPOSE',
  '62': 'X509_V_ERR_HOSTNAME_MISMATCH',
  '64': 'X509_V_ERR_IP_ADDRESS_MISMATCH',
};

const PHRASES: readonly Phrase[] = [
  {
    pattern: /mosquitto.*(A TLS error occurred)|Unable to connect \((A TLS error occurred)/,
    name: 'MOSQ_ERR_TLS',
    code: '8',
  },
  { pattern: atLineStart('(?:Error: )?(A TLS error occurred)'), name: 'MOSQ_ERR_TLS', code: '8' },
];

const PREFIX: Readonly<Record<string, string>> = {
  'x509 certificate routines': 'X509_R_',
  'pem routines': 'PEM_R_',
  'pem lib': 'PEM_R_',
  'rsa routines': 'RSA_R_',
  'evp routines': 'EVP_R_',
  evp: 'EVP_R_',
  'bio routines': 'BIO_R_',
  'provider routines': 'PROV_R_',
  'decoder routines': 'ERR_R_',
};
/** strerror() of the system, for what a broker opens. */
const SYSTEM: Readonly<Record<string, string>> = {
  'no such file or directory': 'ENOENT',
  'permission denied': 'EACCES',
};

/** The library's constant for a reason text: it is the text, in capitals, but for what OpenSSL 3.2 says anew. */
function constant(library: string, reason: string): string {
  const where = library.trim().toLowerCase();
  const text = reason
    .trim()
    .toLowerCase()
    .replace(/^ssl\/tls alert/, 'sslv3 alert');
  const system = where === 'system library' ? SYSTEM[text] : undefined;
  return system ?? `${PREFIX[where] ?? 'SSL_R_'}${text.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: Hit[] = [];
  for (const match of line.matchAll(ERROR)) {
    const [text, code = '', library = '', , reason = ''] = match;
    if (/^(?:lib|func|reason)\(/.test(reason)) continue;
    hits.push({
      start: match.index,
      text,
      code: code.toUpperCase(),
      name: constant(library, reason),
      family: 'openssl',
    });
  }
  const bare = hits.length > 0 ? null : BARE.exec(line);
  const reason = bare?.[1] && opensslReason(bare[1]);
  if (bare?.[1] && reason) {
    hits.push({ start: bare.index, text: bare[0], code: bare[1].toUpperCase(), name: reason, family: 'openssl' });
  }
  const bracket = BRACKET.exec(line);
  if (bracket?.[1] && hits.length === 0) {
    hits.push({
      start: bracket.index,
      text: bracket[0],
      code: bracket[1],
      name: `SSL_R_${bracket[1]}`,
      family: 'openssl',
    });
  }
  const verify = VERIFY.exec(line);
  const name = verify?.[1] && VERIFY_NAMES[verify[1]];
  if (verify?.[1] && name)
    hits.push({ start: verify.index, text: verify[0].trimEnd(), code: verify[1], name, family: 'openssl' });
  const node = NODE_CODE.exec(line);
  const printed = Object.entries(VERIFY_NAMES).find(([, constant]) => constant === `X509_V_ERR_${node?.[1]}`);
  if (node?.[1] && printed) {
    const [code, constant] = printed;
    hits.push({ start: node.index + node[0].indexOf(node[1]), text: node[1], code, name: constant, family: 'openssl' });
  }
  return hits.length > 0 ? hits : findPhrases(PHRASES, 'openssl', line, context);
}

export const openssl: Recognizer = { words: ['error:', "code: '", 'verify return', '[ssl: ', 'a tls error'], find };
