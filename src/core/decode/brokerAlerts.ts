// TLS alerts as brokers write them that are not made with OpenSSL: EMQX and VerneMQ (Erlang), HiveMQ (Java), Go and Rust.
import table from './tables/tlsAlerts.json';

const WORDED =
  /\b(?:tls_alert,\s*[{"]+|received fatal alert: |(?:generated|received) (?:SERVER|CLIENT) ALERT: Fatal - |ssl_alert\.erl:\d+:Fatal error: |remote error: tls: )([A-Za-z][A-Za-z _]*[A-Za-z])/i;

/** What Go's crypto/tls (alert.go) calls otherwise. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  unknowncertauthority: 'unknownca',
  expiredcert: 'certexpired',
  revokedcert: 'certrevoked',
  unknowncert: 'certunknown',
  errordecodingmessage: 'decodeerror',
  errordecryptingmessage: 'decrypterror',
  protocolversionnotsupported: 'protocolversion',
  insufficientsecuritylevel: 'insufficientsecurity',
  inappropriatefallback: 'inapropriatefallback',
};

const plain = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replaceAll('certificate', 'cert')
    .replace(/extension$/, 'ext');

const ALERTS: ReadonlyMap<string, readonly [number: string, name: string]> = new Map(
  Object.entries(table.codes).map(([number, name]) => [
    plain(name.replace('MBEDTLS_SSL_ALERT_MSG_', '')),
    [number, name],
  ]),
);

export interface BrokerAlert {
  readonly start: number;
  readonly text: string;
  /** `alert 48`. */
  readonly code: string;
  readonly name: string;
}

/** The alert that a line names in words; the shortest wording of several in a line. */
export function brokerAlert(line: string): BrokerAlert | undefined {
  const match = WORDED.exec(line);
  const text = match?.[1];
  if (!match || text === undefined) return undefined;
  const words = plain(text);
  const known = ALERTS.get(OTHER_WORDS[words] ?? words);
  return (
    known && { start: match.index + match[0].length - text.length, text, code: `alert ${known[0]}`, name: known[1] }
  );
}
