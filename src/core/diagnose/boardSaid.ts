// What the board printed, held against the verdict: does the one explain the other?
import type { Finding } from '../decode/finding';
import type { CauseId, Evidence, Verdict } from './verdict';

/** `open`: a wrapper such as `rc=-2`, or a verdict without a cause, says neither yes nor no. */
export type Agreement = 'agrees' | 'disagrees' | 'open';

/** Codes that only repeat that the connection failed; the cause is told elsewhere, or not at all. */
const WRAPPER =
  /^(?:START_SSL_CLIENT_FAILED|MQTT_TRANSPORT_CONNECT|MQTT_CONNECT_FAILED|MQTT_CONNECTION_TIMEOUT|MQTT_CONNECTION_LOST|MQTT_DISCONNECTED|TCP_DISCONNECTED|HTTPC_ERROR_CONNECTION_(?:REFUSED|FAILED)|ESP_ERR_HTTP_CONNECT|ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED|BSSL_HANDSHAKE_FAILED|BSSL_UNKNOWN)$/;
const MEMORY = /ALLOC_FAILED$|INSUFFICIENT_MEMORY$|NO_MEM$|ERR_OOM$|HeapAllocFailed/;

/** The line was closed or lost: what a peer that refuses without an alert looks like. */
const CLOSED = /CONN_RESET|CONN_EOF|PEER_CLOSE_NOTIFY|ECONNRESET|TCP_CLOSED_FIN|ENOTCONN|NET_RECV_FAILED|BR_ERR_IO$/;
const ALERT = /FATAL_ALERT|_ALERT_|ALERT_MSG|BR_ERR_RECV_FATAL/;
const UNTRUSTED =
  /X509_CERT_VERIFY_FAILED|NOT_TRUSTED|CRT_BUNDLE|X509_FATAL_ERROR|BR_ERR_X509_(?:BAD_SIGNATURE|DN_MISMATCH|NOT_CA|WRONG_KEY_TYPE)/;
const REFUSED_CERTIFICATE = /X509_CERT_VERIFY_FAILED|CRT_BUNDLE/;
const UNREADABLE = /X509_(?:INVALID|CERT_UNKNOWN|UNKNOWN|FEATURE)|_PEM_|ASN1|CRT_PARSE|BR_ERR_X509_(?!NOT_TRUSTED)/;
const UNREACHABLE =
  /ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EINPROGRESS|NET_CONNECT_FAILED|FAILED_CONNECT_TO_HOST|CONNECTION_TIMEOUT|HANDSHAKE_TIMEOUT|SSL_TIMEOUT/;
const NOT_TLS =
  /INVALID_RECORD|INVALID_MAC|UNEXPECTED_RECORD|BAD_PROTOCOL|PROTOCOL_VERSION|WRONG_VERSION|BAD_VERSION|UNSUPPORTED_VERSION|UNEXPECTED|INVALID_PROT|RECORD_OVERFLOW/;
const MQTT = /^MQTT_CONNECTION_REFUSE|^MQTT5_|^MQTT_(?:CONNECT_)?(?:BAD|UNA|NOT|IDENT|SERVER|MALF)/;

const any = (...patterns: readonly RegExp[]): readonly RegExp[] => patterns;

/** What each cause makes a board print, by the names of the decoder. */
const PRINTS: Readonly<Record<CauseId, readonly RegExp[]>> = {
  'host-unknown': any(/^EAI_|HOST_NOT_FOUND|NO_DATA|DNS_FAILED|UNKNOWN_HOST|CANNOT_RESOLVE/),
  'broker-down': any(UNREACHABLE),
  'broker-unreachable': any(UNREACHABLE),
  'plain-port': any(NOT_TLS, CLOSED),
  'plain-client': any(CLOSED),
  'not-tls': any(NOT_TLS, CLOSED),
  'broker-silent': any(CLOSED, UNREACHABLE),
  'tls-version': any(NOT_TLS, ALERT, CLOSED, /HANDSHAKE_FAILURE/),
  'no-common-cipher': any(ALERT, CLOSED, /HANDSHAKE_FAILURE|CIPHER|NO_USABLE/),
  'no-ca': any(/CA_CHAIN_REQUIRED|NO_AUTH_METHOD|MISSING_CA|SSL_NO_CA/, UNTRUSTED),
  'damaged-ca': any(UNREADABLE),
  'wrong-ca': any(UNTRUSTED),
  'ca-made-anew': any(UNTRUSTED),
  'incomplete-chain': any(UNTRUSTED),
  'not-a-ca': any(UNTRUSTED),
  'fingerprint-mismatch': any(UNTRUSTED),
  'host-name-mismatch': any(REFUSED_CERTIFICATE, /CN_MISMATCH|BAD_SERVER_NAME/),
  expired: any(REFUSED_CERTIFICATE, /BADCERT_EXPIRED|X509_EXPIRED|TIME_UNKNOWN/),
  'board-clock': any(REFUSED_CERTIFICATE, /BADCERT_(?:EXPIRED|FUTURE)|X509_EXPIRED|TIME_UNKNOWN/),
  'weak-certificate': any(REFUSED_CERTIFICATE, /BAD_(?:MD|PK|KEY)$|BAD_CERTIFICATE|WEAK_PUBLIC_KEY|UNSUPPORTED/),
  'wrong-purpose': any(REFUSED_CERTIFICATE, /KEY_USAGE|NS_CERT_TYPE|BAD_CERTIFICATE|FORBIDDEN_KEY_USAGE/),
  'unreadable-certificate': any(UNREADABLE, REFUSED_CERTIFICATE, /X509_FATAL_ERROR|CRITICAL_EXTENSION/),
  'missing-client-certificate': any(ALERT, CLOSED, /DID_NOT_RETURN_A_CERTIFICATE/),
  'client-key-mismatch': any(ALERT, CLOSED, /TYPE_MISMATCH|PK_|PRIVATE_KEY|BAD_INPUT_DATA/),
  'client-certificate-refused': any(ALERT, CLOSED, /CERTIFICATE_VERIFY_FAILED/),
  'mqtt-refused': any(MQTT),
  'nothing-wrong-from-here': any(),
  'not-known': any(),
};

export function agreement({ name, also }: Finding, { cause }: Verdict): Agreement {
  const patterns = PRINTS[cause];
  if (patterns.length === 0 || WRAPPER.test(name)) return 'open';
  if ([name, ...also].some((one) => MEMORY.test(one))) return 'disagrees';
  return patterns.some((pattern) => pattern.test(name)) ? 'agrees' : 'disagrees';
}

/** One line of evidence: the code, its name and meaning, and whether the verdict accounts for it. */
export function boardSaid(finding: Finding, verdict: Verdict): Evidence {
  const { text, code, name, explanation } = finding;
  const printed = text.includes(code) ? code : `${text} (${code})`;
  const said = `The board printed ${printed}${name === code ? '' : `, ${name}`}: ${explanation.title.replace(/\.$/, '')}.`;
  return { text: `${said} ${judged(finding, verdict)}` };
}

function judged(finding: Finding, verdict: Verdict): string {
  if ([finding.name, ...finding.also].some((name) => MEMORY.test(name)))
    return 'That is about the memory of the board, which cannot be seen from here.';
  switch (agreement(finding, verdict)) {
    case 'agrees':
      return 'That agrees with this verdict.';
    case 'disagrees':
      return 'That is not what this verdict makes a board print: it may run older files, or something comes before this.';
    case 'open':
      return verdict.cause === 'nothing-wrong-from-here'
        ? 'From here the connection does not fail, so the firmware on the board may be older than these files, or its network another.'
        : 'That alone does not tell causes apart.';
  }
}
