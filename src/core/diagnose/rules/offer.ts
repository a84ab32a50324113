// Do broker and board have a TLS version and a cipher suite in common?
import { alertName } from '../../tls/alerts';
import { offerOf } from '../../tls/boardOffer';
import type { Attempt } from '../brokerFacts';
import type { DiagnosisFacts } from '../diagnosisFacts';
import { tlsStacks } from '../tlsStack';
import type { Evidence, Verdict } from '../verdict';

export function offerVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { broker, stacks, project } = facts;
  const { oldVersion, tls12Alert } = broker;
  if (oldVersion) return stacks.every((stack) => offerOf(stack).oldest === '1.2') ? tooOld(oldVersion) : undefined;
  const newer = newerAttempt(facts);
  if (newer) return project.stack.hasTls13 ? undefined : tooNew(facts, newer);
  const refused = tls12Alert !== undefined && NOTHING_COMMON.has(tls12Alert) && broker.chain.length === 0;
  return refused ? noCommonCipher(facts, tls12Alert) : undefined;
}

/** handshake_failure, illegal_parameter, insufficient_security. */
const NOTHING_COMMON: ReadonlySet<number> = new Set([40, 47, 71]);

/** What TLS 1.3 came to, where TLS 1.2 was refused. */
function newerAttempt({ broker }: DiagnosisFacts): Attempt | undefined {
  return [broker.withCertificate, broker.withoutCertificate].find(
    (attempt) =>
      attempt !== undefined &&
      (attempt.outcome === 'connected' ? attempt.version === 'TLSv1.3' : attempt.alert === CERTIFICATE_REQUIRED),
  );
}

/** Only TLS 1.3 has this alert (RFC 8446, 6.2). */
const CERTIFICATE_REQUIRED = 116;

function tooOld(version: string): Verdict {
  return {
    cause: 'tls-version',
    certainty: 'proven',
    title: `The broker takes no TLS newer than ${version}; this board has nothing older than TLS 1.2.`,
    boardPrints: '-0x6E80 (a protocol version that it does not have)',
    evidence: [{ text: `Offered TLS 1.2 as boards offer it, the broker answered with ${version}.` }],
    fixes: [
      {
        kind: 'advice',
        title: 'Let the broker take TLS 1.2: update it, or take an old minimum and maximum out of its configuration.',
      },
    ],
    remaining: [],
  };
}

function tooNew(facts: DiagnosisFacts, newer: Attempt): Verdict {
  const { stacks, project } = facts;
  // Arduino's libraries are built already, without it.
  const sure =
    project.stack.hasTls13 === false ||
    project.stack.framework === 'arduino' ||
    stacks.every((stack) => NEVER_TLS13.has(stack));
  return {
    cause: 'tls-version',
    certainty: sure ? 'proven' : 'likely',
    title: sure
      ? 'The broker takes only TLS 1.3; this board has nothing newer than TLS 1.2.'
      : 'The broker takes only TLS 1.3; this board has it only if its firmware was built with it.',
    boardPrints: refusal(facts, 70),
    evidence: [
      refusedHello(facts),
      {
        text:
          newer.outcome === 'connected'
            ? `With TLS 1.3 the handshake succeeds (${newer.cipher}).`
            : 'With TLS 1.3 the broker goes on until it asks for a client certificate.',
      },
    ],
    fixes: [
      {
        kind: 'advice',
        title: `Let the broker take TLS 1.2 too (mosquitto: tls_version tlsv1.2 is the minimum)${sure ? '' : ', or build ESP-IDF with CONFIG_MBEDTLS_SSL_PROTO_TLS1_3'}.`,
      },
    ],
    remaining: [],
  };
}

/** Mbed TLS 2.28 has an experimental TLS 1.3 that ESP-IDF does not offer; BearSSL has none. */
const NEVER_TLS13: ReadonlySet<string> = new Set(['mbedtls-2.28', 'bearssl']);

function noCommonCipher(facts: DiagnosisFacts, alert: number): Verdict {
  return {
    cause: 'no-common-cipher',
    certainty: facts.stacks.length === 1 ? 'proven' : 'likely',
    title: 'The broker takes none of the cipher suites that this board offers.',
    boardPrints: refusal(facts, alert),
    evidence: [refusedHello(facts)],
    fixes: [
      {
        kind: 'advice',
        title:
          'Give the broker a certificate and cipher suites of the usual kind: ECDHE with AES-GCM, an EC P-256 or RSA 2048 key.',
      },
    ],
    remaining: facts.stacks.length === 1 ? [] : ['Which suites the board offers depends on its version.'],
  };
}

function refusedHello({ broker, stacks }: DiagnosisFacts): Evidence {
  const labels = stacks.map((stack) => tlsStacks[stack].label).join(' and as ');
  const alert = broker.tls12Alert;
  const how = alert === undefined ? 'got no answer' : `was refused with the alert ${alertName(alert)} (${alert})`;
  return { text: `A TLS 1.2 ClientHello with what boards offer by default, as ${labels}, ${how}.` };
}

function refusal({ stacks }: DiagnosisFacts, alert: number): string {
  const bearssl = stacks.some((stack) => tlsStacks[stack].library === 'bearssl');
  const mbedtls = stacks.some((stack) => tlsStacks[stack].library === 'mbedtls');
  return [
    ...(mbedtls ? ['-0x7780 (fatal alert from the broker)'] : []),
    // BearSSL gives 256 and the number of the alert.
    ...(bearssl ? [`BearSSL error ${256 + alert}`] : []),
  ].join(', ');
}
