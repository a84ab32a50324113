// "Will it work on my board?": what each kind of board makes of a tested broker, by the rules of its own TLS stack.
import type { BoardObjection, BoardQuestion, BoardView } from '../diagnose/boardView';
import { lookAsBoard } from '../diagnose/deviceEye';
import { type TlsStackId, tlsStacks } from '../diagnose/tlsStack';
import type { Certificate } from '../x509/certificate';
import { suiteByCode } from './cipherSuites';
import type { ProbeReport } from './probeReport';

export interface BoardVerdict {
  readonly board: string;
  readonly stack: TlsStackId;
  readonly verdict: 'works' | 'fails' | 'unknown';
  /** What the board prints when it fails. */
  readonly code: string;
  /** Why, and what to change; about memory where it works. */
  readonly detail: string;
}

const BOARDS: readonly (readonly [name: string, stack: TlsStackId])[] = [
  ['ESP8266 Arduino (BearSSL)', 'bearssl'],
  ['ESP32 Arduino 2.x', 'mbedtls-2.28'],
  ['ESP32 Arduino 3.x', 'mbedtls-3.6'],
  ['ESP-IDF 4.4', 'mbedtls-2.28'],
  ['ESP-IDF 5.x', 'mbedtls-3.6'],
  ['ESP-IDF 6.x', 'mbedtls-4'],
];

/** ESP-IDF's components/mbedtls/Kconfig: MBEDTLS_CHACHA20_C and MBEDTLS_DHM_C (DHE) are off, ECDHE and RSA with AES on. */
function esp32HasSuite(code: number): boolean {
  const suite = suiteByCode(code);
  if (!suite || suite.judgement === 'bad' || suite.version === '1.3') return false;
  return (suite.exchange === 'ecdhe' || suite.exchange === 'rsa') && !suite.name.includes('CHACHA20');
}

/** The ESP8266 core's list has ECDHE and RSA with AES (GCM, CCM, CBC) and ChaCha20; no DHE. */
function esp8266HasSuite(code: number): boolean {
  const suite = suiteByCode(code);
  return (
    suite?.version === '1.2' && suite.judgement !== 'bad' && (suite.exchange === 'ecdhe' || suite.exchange === 'rsa')
  );
}

const OBJECTIONS: Readonly<Record<BoardObjection, string>> = {
  'not-trusted':
    'its CA does not sign this chain, or an intermediate certificate is missing. Give it the CA that does.',
  'name-mismatch':
    'the host name is not in the certificate as this stack reads it. Issue one with the name as DNS name.',
  expired: 'the certificate has expired. Renew it.',
  'not-yet-valid': 'the certificate is not valid yet. Check the clocks.',
  'weak-hash': 'a certificate of the chain is signed with a hash that it does not take. Issue it with SHA-256.',
  'weak-key': 'a key of the chain is of a kind or size that it does not take. Use ECDSA P-256 or RSA 2048.',
  'key-usage': 'the certificate’s key usage has no digitalSignature. Issue a broker certificate.',
  'extended-key-usage': 'the certificate has no serverAuth. Issue a broker certificate.',
  'chain-too-long': 'the chain is too long. Issue the certificate from a CA nearer to the root.',
  'unknown-critical-extension': 'a certificate has a critical extension that it cannot read. Issue it without.',
  'no-chain': 'the broker sends no certificate.',
  'time-unknown': 'it needs the time first (configTime and NTP).',
};

/** `anchors`: the CAs that the board would hold. Empty when they are not known: then nothing is said about trust. */
export function boardTable(
  report: ProbeReport,
  anchors: readonly Certificate[],
  verifySignature: BoardQuestion['verifySignature'],
): BoardVerdict[] {
  return BOARDS.map(([board, stack]) => {
    const fails = (code: string, detail: string): BoardVerdict => ({ board, stack, verdict: 'fails', code, detail });
    const bearssl = tlsStacks[stack].library === 'bearssl';
    if (!report.versions['1.2'].offered) {
      if (stack === 'mbedtls-4') return { board, stack, verdict: 'unknown', code: '', detail: only13(stack) };
      return fails(bearssl ? 'BearSSL error 326' : '-0x7780', only13(stack));
    }
    const has = bearssl ? esp8266HasSuite : esp32HasSuite;
    const shared = report.suites['1.2'].filter(has);
    if (shared.length === 0) {
      const suites =
        'The broker takes none of the cipher suites that this board has by default. Switch ECDHE with AES-GCM on in the broker.';
      return fails(bearssl ? 'BearSSL error 296' : '-0x7780', suites);
    }
    if (anchors.length === 0) {
      const detail = 'TLS version and cipher suites fit. Name the CA (--ca) to know whether it trusts the certificate.';
      return { board, stack, verdict: 'unknown', code: '', detail };
    }
    const view = lookAsBoard({
      stack,
      anchors,
      chain: report.chain,
      hostName: report.servername,
      now: report.timeMs,
      verifySignature,
    });
    if (!view.accepted) return fails(bearssl ? bearsslCode(view) : '-0x2700', refusal(view, report));
    const { mqtt, clientCertificate } = report;
    if (clientCertificate.required && mqtt.withIdentity.outcome === 'tls-refused') {
      return fails(
        bearssl ? 'BearSSL error 296' : '-0x7780',
        'The broker wants a client certificate: without one, or with one that it refuses, the handshake ends.',
      );
    }
    return { board, stack, verdict: 'works', code: '', detail: memory(report, bearssl) };
  });
}

function only13(stack: TlsStackId): string {
  return stack === 'mbedtls-4'
    ? 'The broker takes only TLS 1.3. It works where the firmware has CONFIG_MBEDTLS_SSL_PROTO_TLS1_3.'
    : 'The broker refuses TLS 1.2, and this board has no TLS 1.3 by default. Switch TLS 1.2 on in the broker.';
}

function refusal(view: BoardView, { servername, chain }: ProbeReport): string {
  const reasons = view.objections.map((objection) => OBJECTIONS[objection]);
  const names = chain[0]?.subjectAltNames?.map(({ value }) => value).join(', ');
  const named = view.objections.includes('name-mismatch')
    ? ` It connects to ${servername}; the certificate has ${names ?? 'no SAN'}.`
    : '';
  return `The board refuses the broker: ${reasons.join(' Also, ')}${named}`;
}

/** BearSSL's own numbers (bearssl_x509.h): what `getLastSSLError` of the ESP8266 core gives. 256 and more: an alert. */
function bearsslCode(view: BoardView): string {
  const codes: Partial<Record<BoardObjection, number>> = {
    'not-trusted': 62,
    'name-mismatch': 56,
    expired: 54,
    'not-yet-valid': 54,
    'weak-key': 60,
    'unknown-critical-extension': 57,
  };
  const code = view.objections.map((objection) => codes[objection]).find((found) => found !== undefined);
  return code === undefined ? '' : `BearSSL error ${code}`;
}

/** Sources: doc/esp8266wifi/bearssl-client-secure-class.rst; ESP-IDF's Kconfig (16 KB in, 4 KB out) and user reports. */
function memory(report: ProbeReport, bearssl: boolean): string {
  const small = report.fragmentSizes[0];
  if (!bearssl) {
    return 'Needs about 40 to 60 KB of heap during the handshake (buffers of 16 KB in and 4 KB out by default).';
  }
  return small === undefined
    ? 'Needs about 22 KB of heap for the connection: the broker does not agree on smaller fragments (MFLN), so the 16 KB receive buffer stays.'
    : `Needs about 22 KB of heap for the connection; the broker takes fragments of ${small} bytes (MFLN), so setBufferSizes(${small}, ${small}) frees most of the 16 KB receive buffer.`;
}
