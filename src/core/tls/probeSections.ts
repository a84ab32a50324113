// A TLS test's report for people: sections of checks, each passed, failed or just told.

import { returnName } from '../mqtt/reasonCodes';
import type { Certificate } from '../x509/certificate';
import { keyText } from '../x509/keyText';
import { alertName } from './alerts';
import { suiteByCode, suiteName } from './cipherSuites';
import { groupName, type TlsVersion } from './clientHello';
import type { HandshakeMeasure, MqttAnswer, ProbeReport, Resumption } from './probeReport';
import { VERIFY_REASONS } from './verifyCodes';

export interface ReportCheck {
  readonly result: 'passed' | 'failed' | 'info';
  readonly label: string;
  readonly detail: string;
}

export interface ReportSection {
  readonly title: string;
  readonly checks: readonly ReportCheck[];
}

const DAY_MS = 86_400_000;
const passed = (label: string, detail: string): ReportCheck => ({ result: 'passed', label, detail });
const failed = (label: string, detail: string): ReportCheck => ({ result: 'failed', label, detail });
const info = (label: string, detail: string): ReportCheck => ({ result: 'info', label, detail });
const judged = (good: boolean, label: string, detail: string): ReportCheck => (good ? passed : failed)(label, detail);

export function reportSections(report: ProbeReport): ReportSection[] {
  return [
    { title: 'Certificate', checks: certificateChecks(report) },
    { title: 'Chain as sent', checks: chainChecks(report) },
    { title: 'TLS versions', checks: versionChecks(report) },
    { title: 'Cipher suites and key exchange', checks: suiteChecks(report) },
    { title: 'Client certificate and MQTT', checks: clientChecks(report) },
    { title: 'Small boards', checks: boardChecks(report) },
  ];
}

/** True when the chain is trusted and the name matches: what the exit code of `secure-iot probe` says. */
export function isTrusted({ trust }: ProbeReport): boolean {
  return trust.chainProblem === '' && trust.nameProblem === '';
}

function certificateChecks({ trust, servername, chain, timeMs, chainKnownBy }: ProbeReport): ReportCheck[] {
  const [leaf] = chain;
  const against = trust.authority === 'given' ? 'the CA given' : 'the well-known roots of this system';
  const reason = VERIFY_REASONS[trust.chainProblem];
  const checks = [
    trust.chainProblem === ''
      ? passed('Trust', `The chain leads to ${against}.`)
      : failed(
          'Trust',
          `Checked against ${against}: ${reason?.reason ?? 'not trusted'} (${trust.chainProblem}). ${reason?.advice ?? ''}`.trim(),
        ),
    trust.nameProblem === ''
      ? passed('Name', `"${servername}" is in the certificate.`)
      : failed('Name', `"${servername}" is not in the certificate, which is for ${names(leaf)}.`),
  ];
  if (trust.bySystem !== undefined) {
    checks.push(
      info(
        'System roots',
        trust.bySystem
          ? 'This system trusts it as well.'
          : 'Not trusted without your CA, as expected of a private one.',
      ),
    );
  }
  if (!leaf) return checks;
  const days = Math.floor((leaf.notAfter - timeMs) / DAY_MS);
  const until = new Date(leaf.notAfter).toISOString().slice(0, 10);
  checks.push(
    leaf.notBefore > timeMs
      ? failed('Dates', `Valid only from ${new Date(leaf.notBefore).toISOString().slice(0, 10)}.`)
      : judged(days >= 0, 'Dates', days >= 0 ? `Valid until ${until}, ${days} more days.` : `Expired on ${until}.`),
  );
  const purposes = leaf.extendedKeyUsage;
  checks.push(
    purposes === undefined
      ? info('Purpose', 'No extended key usage: good for anything. serverAuth would be better.')
      : judged(
          purposes.includes('serverAuth') || purposes.includes('anyExtendedKeyUsage'),
          'Purpose',
          purposes.join(', '),
        ),
    judged(leaf.subjectAltNames !== undefined, 'Subject alternative names', names(leaf)),
    signatureCheck(leaf),
  );
  const sent = chainKnownBy === 'bytes' ? missingIntermediate(chain, trust.chainProblem) : undefined;
  if (sent) checks.push(failed('Intermediate', sent));
  return checks;
}

function signatureCheck(leaf: Certificate): ReportCheck {
  const { name, hash } = leaf.signatureAlgorithm;
  const text = `${keyText(leaf.publicKey)}, signed with ${name}`;
  const weak = hash === 'sha1' || hash === 'md5';
  return weak ? failed('Key and signature', `${text}, which an ESP32 refuses`) : info('Key and signature', text);
}

function missingIntermediate(chain: readonly Certificate[], problem: string): string | undefined {
  const last = chain.at(-1);
  if (!last || last.subject.text === last.issuer.text) return undefined;
  if (!/ISSUER|VERIFY_LEAF/.test(problem)) return undefined;
  return `The chain ends at a certificate issued by "${last.issuer.text}". If that is an intermediate CA, the broker must send its certificate too.`;
}

function chainChecks({ chain, fingerprints }: ProbeReport): ReportCheck[] {
  return chain.map((certificate, index) => {
    const place = index === 0 ? 'Leaf' : certificate.subject.text === certificate.issuer.text ? 'Root' : 'Intermediate';
    const extra = place === 'Root' ? ' Boards hold the root themselves: sending it only costs bytes.' : '';
    return info(
      place,
      `${certificate.subject.text}, issued by ${certificate.issuer.text}, ${keyText(certificate.publicKey)}, SHA-256 ${fingerprints[index] ?? ''}.${extra}`,
    );
  });
}

function versionChecks({ versions }: ProbeReport): ReportCheck[] {
  const order: readonly TlsVersion[] = ['1.3', '1.2', '1.1', '1.0'];
  return order.map((version) => {
    const { offered, alert } = versions[version];
    const label = `TLS ${version}`;
    const old = version === '1.0' || version === '1.1';
    if (old) {
      return judged(
        !offered,
        label,
        offered ? 'Offered, though broken: switch it off.' : `Refused${why(alert)}, as it should be.`,
      );
    }
    if (version === '1.2')
      return judged(offered, label, offered ? 'Offered.' : `Refused${why(alert)}: most boards have nothing newer.`);
    return info(label, offered ? 'Offered.' : `Not offered${why(alert)}.`);
  });
}

function why(alert: number | undefined): string {
  return alert === undefined ? '' : ` (alert ${alert}, ${alertName(alert)})`;
}

function suiteChecks({ suites, groups }: ProbeReport): ReportCheck[] {
  const all = [...new Set(['1.3', '1.2', '1.1', '1.0'].flatMap((version) => suites[version as TlsVersion]))];
  const by = (judgement: string): number[] => all.filter((code) => suiteByCode(code)?.judgement === judgement);
  const list = (codes: readonly number[]): string => codes.map(suiteName).join(', ') || 'none';
  const bad = by('bad');
  const psk = all.filter((code) => suiteByCode(code)?.exchange === 'psk');
  return [
    judged(bad.length === 0, 'Broken suites', bad.length === 0 ? 'None taken.' : `${list(bad)}: switch them off.`),
    info('Good suites', list(by('good'))),
    info('Older suites', list(by('fair'))),
    info('Pre-shared keys', psk.length > 0 ? list(psk) : 'Not offered.'),
    info('Key exchange groups', groups.map(groupName).join(', ') || 'none told'),
  ];
}

function clientChecks(report: ProbeReport): ReportCheck[] {
  const {
    clientCertificate: { wanted, required, acceptedIssuers },
    mqtt,
    plainPort,
    alpn,
    ocsp,
  } = report;
  const anonymousIn = mqtt.anonymous.outcome === 'accepted';
  return [
    info(
      'Client certificate',
      required
        ? `Required${issuers(acceptedIssuers)}.`
        : wanted
          ? `Asked for, not required${issuers(acceptedIssuers)}.`
          : 'Not asked for.',
    ),
    mqttCheck('MQTT CONNECT', mqtt.withIdentity, required),
    anonymousIn
      ? failed(
          'Anonymous access',
          'Anybody gets in, with no certificate and no password. Fine on a bench, not on a network.',
        )
      : passed('Anonymous access', `Refused: ${answerText(mqtt.anonymous)}`),
    plainPort === undefined
      ? passed('Plain MQTT', 'Port 1883 does not answer MQTT without TLS.')
      : failed(
          'Plain MQTT',
          `Port ${plainPort} takes MQTT without TLS beside it: passwords and data go in clear there.`,
        ),
    info('ALPN', alpn ? `Takes "${alpn}".` : 'Not used.'),
    ocspCheck(ocsp),
    ...(report.sameWithoutSni === undefined
      ? []
      : [
          info(
            'Without SNI',
            report.sameWithoutSni
              ? 'The same certificate.'
              : 'Another certificate or none: the device has to send the name.',
          ),
        ]),
  ];
}

function ocspCheck(ocsp: ProbeReport['ocsp']): ReportCheck {
  if (!ocsp.stapled) return info('OCSP stapling', 'Not sent; boards do not ask for it.');
  const day = (ms: number | undefined): string => (ms === undefined ? '?' : new Date(ms).toISOString().slice(0, 10));
  const detail = `Sent: "${ocsp.status}", of ${day(ocsp.thisUpdateMs)}, until ${day(ocsp.nextUpdateMs)}. Boards do not ask for it.`;
  return ocsp.status === 'good' ? passed('OCSP stapling', detail) : failed('OCSP stapling', detail);
}

function issuers(names: readonly string[]): string {
  return names.length > 0 ? `, from: ${names.join('; ')}` : '';
}

function mqttCheck(label: string, answer: MqttAnswer, required: boolean): ReportCheck {
  if (answer.outcome === 'accepted') return passed(label, 'Accepted.');
  const why =
    required && answer.outcome !== 'refused' ? ' It takes only clients with a certificate that it trusts.' : '';
  return info(label, answerText(answer) + why);
}

function answerText(answer: MqttAnswer): string {
  switch (answer.outcome) {
    case 'accepted':
      return 'accepted.';
    case 'refused':
      return `${returnName(answer.code)} (code ${answer.code}).`;
    case 'tls-refused':
      return answer.alert === undefined
        ? 'the TLS handshake was ended.'
        : `TLS alert ${answer.alert} (${alertName(answer.alert)}).`;
    case 'no-answer':
      return 'the broker closed the connection without an answer.';
  }
}

function boardChecks({ fragmentSizes, resumption, handshakes }: ProbeReport): ReportCheck[] {
  return [
    fragmentSizes.length > 0
      ? passed('Maximum fragment length', `${fragmentSizes.join(', ')} bytes: small boards can use small buffers.`)
      : info('Maximum fragment length', 'Not negotiated: a board needs its full 16 KB receive buffer.'),
    resumed('Resumption by session id (1.2)', resumption.id),
    resumed('Resumption by ticket (1.2)', resumption.ticket),
    resumed('Resumption by PSK (1.3)', resumption.psk13),
    ...handshakes.map((measure) => info(`Full handshake, ${measure.version}`, cost(measure))),
    ...handshakes.flatMap(({ version, cipher, overheadBytes }) =>
      overheadBytes === undefined
        ? []
        : [info(`Overhead per message, ${version}`, `${overheadBytes} bytes on top of each MQTT packet (${cipher}).`)],
    ),
  ];
}

function resumed(label: string, result: Resumption | undefined): ReportCheck {
  if (!result) return info(label, 'Not tested: no handshake of this kind came through.');
  if (!result.works) return info(label, 'Does not work: every reconnection costs a full handshake.');
  return passed(label, result.measure ? `Works: ${cost(result.measure)}` : 'Works.');
}

function cost({ bytes, roundTrips, cipher }: HandshakeMeasure): string {
  return `${bytes} bytes, ${roundTrips} round ${roundTrips === 1 ? 'trip' : 'trips'}, ${cipher}`;
}

function names(certificate: Certificate | undefined): string {
  const all = certificate?.subjectAltNames?.map(({ type, value }) => `${type.toUpperCase()}:${value}`);
  return all?.join(', ') || 'no name at all (no SAN)';
}
