// TLS is done; does the broker take the client?
import type { DiagnosisFacts } from '../diagnosisFacts';
import type { Verdict } from '../verdict';

/** CONNACK return codes (MQTT 3.1.1, table 3.1). */
const REFUSALS: Readonly<Record<number, readonly [what: string, advice: string]>> = {
  1: ['does not speak MQTT 3.1.1', 'Use a broker or a library with a protocol version in common.'],
  2: ['rejects the client identifier', 'Use another client id: shorter, and of letters and digits.'],
  3: ['says that it is not available', 'Look into the broker’s log.'],
  4: ['refuses the user name or password', 'Check user and password in the sketch and in the broker.'],
  5: [
    'does not authorize this client',
    'Check the broker’s access rules: anonymous access, the ACL, the user of this certificate.',
  ],
};

export function mqttVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const attempt = facts.broker.withCertificate ?? facts.broker.withoutCertificate;
  if (attempt?.outcome !== 'connected' || attempt.connack === undefined || attempt.connack === 0) return undefined;
  const [what, advice] = REFUSALS[attempt.connack] ?? ['refuses the connection', 'Look into the broker’s log.'];
  return {
    cause: 'mqtt-refused',
    certainty: 'likely',
    title: `TLS succeeds, but the broker ${what} (CONNACK ${attempt.connack}).`,
    boardPrints: `rc=${attempt.connack} (PubSubClient), or "Connection refused" (esp-mqtt)`,
    evidence: [
      { text: `An MQTT CONNECT without user and password over ${attempt.version} got CONNACK ${attempt.connack}.` },
    ],
    fixes: [{ kind: 'advice', title: advice }],
    remaining:
      attempt.connack === 4 || attempt.connack === 5 ? ['The replay sends no user and password; the sketch may.'] : [],
  };
}
