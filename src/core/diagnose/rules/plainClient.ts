// A sketch without TLS: to a TLS listener it cannot connect, to a plain one it does, in the clear.
import type { DiagnosisFacts } from '../diagnosisFacts';
import type { Evidence, ProposedFix, Verdict } from '../verdict';

/** Judges the project where it has no TLS; undefined where it has, or where the broker was not reached. */
export function plainClientVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { broker, project } = facts;
  const { plainClient: at } = project;
  if (!at || broker.reach.kind !== 'open') return undefined;
  const address = `${broker.host}:${broker.port}`;
  const evidence: Evidence[] = [
    { text: 'The sources have a client without TLS, and no TLS client, certificate or mqtts:// address.', at },
  ];
  if (broker.plainMqtt) {
    return {
      cause: 'nothing-wrong-from-here',
      certainty: 'likely',
      title:
        'The sketch speaks MQTT without TLS and the broker takes it: that works from here, but anybody in between can read and change it.',
      evidence: [...evidence, { text: `An MQTT CONNECT without TLS to ${address} got a CONNACK.` }],
      fixes: [fixOf(facts)],
      remaining: ['The firmware on the board may be older than these files: build and flash again.'],
    };
  }
  if (broker.notTls || broker.silence) return undefined;
  return {
    cause: 'plain-client',
    certainty: 'proven',
    title: `The sketch speaks MQTT without TLS, and ${address} takes TLS only.`,
    evidence: [
      ...evidence,
      {
        text: `A TLS ClientHello to ${address} was answered${broker.chain.length > 0 ? ' with a certificate' : ''}; MQTT in the clear is no TLS record, so the broker drops it.`,
      },
    ],
    fixes: [fixOf(facts)],
    remaining: [],
  };
}

function fixOf({ project }: DiagnosisFacts): ProposedFix {
  return project.stack.framework === 'esp-idf'
    ? {
        kind: 'advice',
        title: 'Use an mqtts:// address, and set broker.verification.certificate to the CA of the broker',
      }
    : { kind: 'secure-sketch', title: 'Give the sketch TLS: Secure This Sketch… (secure-iot secure)' };
}
