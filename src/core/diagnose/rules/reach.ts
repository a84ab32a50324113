// Before any certificate: is there a broker, and does it speak TLS?
import type { Silence } from '../brokerFacts';
import type { DiagnosisFacts } from '../diagnosisFacts';
import type { Verdict } from '../verdict';
import { offerVerdict } from './offer';

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
      boardPrints: '-0x7200 (the answer is no TLS record)',
      evidence: [
        ...from,
        {
          text: `A TLS ClientHello to ${address} was answered, but not in TLS; MQTT without TLS got no answer in MQTT.`,
        },
      ],
      fixes: [{ kind: 'advice', title: 'Check the port: MQTT over TLS is 8883 as a rule.' }],
      remaining: ['A proxy or a captive portal in between that answers for the broker.'],
    };
  }
  return broker.silence ? silent(broker.silence, address, from) : offerVerdict(facts);
}

const SILENCE: Readonly<Record<Silence, { readonly does: string; readonly prints: string }>> = {
  stalls: { does: 'and then says nothing', prints: 'a timeout of the handshake, after many seconds' },
  closes: { does: 'and closes it at the TLS hello, without a word', prints: '-0x7280 (the line is closed)' },
  resets: { does: 'and resets it at the TLS hello', prints: '-0x0050 (the line is reset)' },
};

function silent(silence: Silence, address: string, from: Verdict['evidence']): Verdict {
  const { does, prints } = SILENCE[silence];
  return {
    cause: 'broker-silent',
    certainty: 'proven',
    title: `${address} takes the connection ${does}.`,
    boardPrints: prints,
    evidence: [
      ...from,
      {
        text: `A TLS ClientHello to ${address}, as this board sends it, got no answer; MQTT without TLS got none either.`,
      },
    ],
    fixes: [
      {
        kind: 'advice',
        title:
          'Look into the broker’s log at this moment, and check that this port is its TLS listener (MQTT over TLS is 8883 as a rule).',
      },
    ],
    remaining: [
      'A proxy, tunnel or port forwarding in between that takes the connection but has no broker behind it.',
      'A broker that is starting, full (its limit of connections), or blocks this address.',
    ],
  };
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
