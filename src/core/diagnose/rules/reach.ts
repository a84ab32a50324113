// Before any certificate: is there a broker, does it speak TLS, and a version that boards speak?
import { alertName } from '../../tls/alerts';
import type { DiagnosisFacts } from '../diagnosisFacts';
import type { TlsStackId } from '../tlsStack';
import type { Verdict } from '../verdict';

export function reachVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { broker, project } = facts;
  const address = `${broker.host}:${broker.port}`;
  const from = project.host ? [{ text: `The sketch connects to ${address}.`, at: project.host.at }] : [];
  if (broker.reach.kind !== 'open') return unreachable(facts, address, from);
  if (broker.plainMqtt) return plainPort(facts, address, from);
  if (broker.notTls) {
    return {
      cause: 'not-tls',
      certainty: 'proven',
      title: `What listens on ${address} does not speak TLS.`,
      boardPrints: '-0x7200 or -0x0050 (the answer is no TLS record, or the line is closed)',
      evidence: [
        ...from,
        { text: `A TLS ClientHello to ${address} got no TLS answer, and MQTT without TLS got none either.` },
      ],
      fixes: [{ kind: 'advice', title: 'Check the port: MQTT over TLS is 8883 as a rule.' }],
      remaining: ['A broker that is starting, or a proxy in between.'],
    };
  }
  if (broker.oldVersion && facts.stacks.every((stack) => NO_OLD_TLS.has(stack))) return oldVersion(broker.oldVersion);
  if (broker.tls12Alert !== undefined && broker.chain.length === 0) return versionOrCipher(facts, broker.tls12Alert);
  if (broker.tls12Alert !== undefined && broker.withoutCertificate?.outcome === 'connected') {
    return versionOrCipher(facts, broker.tls12Alert);
  }
  return undefined;
}

function unreachable(facts: DiagnosisFacts, address: string, from: Verdict['evidence']): Verdict {
  const { reach, host } = facts.broker;
  const detail = reach.kind === 'open' ? '' : reach.detail;
  const common = { certainty: 'proven', remaining: [], fixes: [] } as const;
  switch (reach.kind) {
    case 'dns':
      return {
        ...common,
        cause: 'host-unknown',
        title: `The name ${host} has no address.`,
        boardPrints: "couldn't get hostname for …: getaddrinfo() returns 202, or DNS Failed",
        evidence: [...from, { text: `Looked up from this machine: ${detail}.` }],
        fixes: [
          {
            kind: 'advice',
            title: 'Check the spelling. A name ending in .local needs mDNS on the board; else use a DNS name.',
          },
        ],
      };
    case 'refused':
      return {
        ...common,
        cause: 'broker-down',
        title: `No broker listens on ${address}: the connection is refused.`,
        boardPrints: 'delayed connect error: Connection reset by peer, or start_ssl_client: -1',
        evidence: [...from, { text: `Connected from this machine: ${detail}.` }],
        fixes: [{ kind: 'advice', title: 'Start the broker, and check its port in the sketch.' }],
      };
    default:
      return {
        ...common,
        certainty: 'likely',
        cause: 'broker-unreachable',
        title: `${address} does not answer from this machine.`,
        boardPrints: 'select() timeout, or start_ssl_client: -1',
        evidence: [...from, { text: `Connected from this machine: ${detail}.` }],
        fixes: [
          {
            kind: 'advice',
            title: 'Check that broker and board are in the same network and that no firewall drops the port.',
          },
        ],
        remaining: ['The board may be in another network than this machine.'],
      };
  }
}

function plainPort(facts: DiagnosisFacts, address: string, from: Verdict['evidence']): Verdict {
  const { port } = facts.project;
  const edit =
    port && port.value !== 8883
      ? [{ file: port.at.file, start: port.at.start, end: port.at.end, newText: portText(port.value, facts, port.at) }]
      : [];
  return {
    cause: 'plain-port',
    certainty: 'proven',
    title: `${address} is a plain MQTT port: it answers MQTT without TLS, and no TLS handshake.`,
    boardPrints: '-0x7200, -0x7280 or -0x0050 in the handshake',
    evidence: [...from, { text: `An MQTT CONNECT without TLS to ${address} got a CONNACK.` }],
    fixes: [
      ...(edit.length > 0
        ? [{ kind: 'edit' as const, title: 'Change the port in the sketch to 8883', edits: edit }]
        : []),
      {
        kind: 'advice',
        title: 'Or give the broker a TLS listener on this port (listener, cafile, certfile, keyfile).',
      },
    ],
    remaining: [],
  };
}

/** The literal may be a number or a whole `mqtts://host:1883` text; only a number is rewritten. */
function portText(value: number, facts: DiagnosisFacts, at: { readonly start: number; readonly end: number }): string {
  const isNumber = at.end - at.start <= 6;
  return isNumber ? '8883' : `"mqtts://${facts.broker.host}:8883" /* was ${value} */`;
}

/** Mbed TLS 3 dropped TLS 1.0 and 1.1 (docs/3.0-migration-guide.md); 2.28 as Arduino 2.x has it, and BearSSL, speak them. */
const NO_OLD_TLS: ReadonlySet<TlsStackId> = new Set(['mbedtls-3.4', 'mbedtls-3.6', 'mbedtls-4']);

function oldVersion(version: string): Verdict {
  return {
    cause: 'tls-version',
    certainty: 'proven',
    title: `The broker takes no TLS newer than ${version}; boards speak TLS 1.2.`,
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

function versionOrCipher(facts: DiagnosisFacts, alert: number): Verdict {
  const { broker } = facts;
  const version = alert === 70 || alert === 86;
  const evidence = [
    { text: `A TLS 1.2 ClientHello as boards send it was refused with the alert ${alertName(alert)} (${alert}).` },
  ];
  const other = broker.withoutCertificate;
  if (other?.outcome === 'connected')
    evidence.push({ text: `With ${other.version} the handshake succeeds (${other.cipher}).` });
  return {
    cause: version ? 'tls-version' : 'no-common-cipher',
    certainty: 'proven',
    title: version
      ? 'The broker takes only TLS 1.3; boards speak TLS 1.2 unless the firmware was built with TLS 1.3.'
      : 'The broker refuses every cipher suite that boards offer.',
    boardPrints: '-0x7780 (fatal alert from the broker)',
    evidence,
    fixes: [
      {
        kind: 'advice',
        title: version
          ? 'Let the broker take TLS 1.2 too (mosquitto: tls_version tlsv1.2 is the minimum), or build ESP-IDF with CONFIG_MBEDTLS_SSL_PROTO_TLS1_3.'
          : 'Give the broker a certificate and cipher suites of the usual kind: ECDHE with AES-GCM, an EC P-256 or RSA 2048 key.',
      },
    ],
    remaining: [],
  };
}
