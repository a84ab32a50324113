// Facts -> verdict. The rules run in the order in which a board meets the failures.
import type { DiagnosisFacts } from './diagnosisFacts';
import { brokerCertificateVerdicts, datesRemark } from './rules/brokerCertificate';
import { clientCertificateVerdict } from './rules/clientCertificate';
import { fingerprintVerdict } from './rules/fingerprint';
import { hostNameVerdict } from './rules/hostName';
import { mqttVerdict } from './rules/mqtt';
import { nothingFound } from './rules/nothingFound';
import { plainClientVerdict } from './rules/plainClient';
import { reachVerdict } from './rules/reach';
import { trustVerdict } from './rules/trust';
import { tlsStacks } from './tlsStack';
import type { Verdict } from './verdict';

export interface Diagnosis {
  readonly verdict: Verdict;
  /** What would fail next, once the verdict is mended. */
  readonly next: readonly Verdict[];
  readonly remarks: readonly string[];
}

export function diagnose(facts: DiagnosisFacts): Diagnosis {
  const first = plainClientVerdict(facts) ?? reachVerdict(facts);
  if (first) return { verdict: first, next: [], remarks: [] };
  const found = [
    trustVerdict(facts),
    fingerprintVerdict(facts),
    hostNameVerdict(facts),
    ...brokerCertificateVerdicts(facts),
    clientCertificateVerdict(facts),
    mqttVerdict(facts),
  ].filter((verdict) => verdict !== undefined);
  // What is proven comes before what only may be.
  const [verdict, ...next] = [...found.filter(isProven), ...found.filter((candidate) => !isProven(candidate))];
  return { verdict: verdict ?? nothingFound(facts), next, remarks: remarks(facts) };
}

function isProven({ certainty }: Verdict): boolean {
  return certainty === 'proven';
}

function remarks(facts: DiagnosisFacts): string[] {
  const { project } = facts;
  const found = [datesRemark(facts), facts.broker.chainProblem];
  const issuer = facts.broker.chain.at(-1)?.issuer.text;
  if (project.usesPsk) {
    found.push(
      'The sketch uses a pre-shared key (TLS-PSK): this diagnosis replays certificates only, and cannot judge that.',
    );
  }
  if (project.atRunTime.ca && issuer) {
    found.push(
      `The sketch loads its CA at run time, so it was not compared. It has to be the one behind the broker's chain: ${issuer}.`,
    );
  }
  if (project.atRunTime.clientCertificate && facts.broker.asksForCertificate && !facts.stored) {
    found.push('The broker asks for a client certificate; the sketch loads its own at run time, so it was not tried.');
  }
  if (project.insecure) found.push('setInsecure() is on: the board talks to anybody who answers. Use setCACert().');
  if (facts.stacks.length > 1) {
    found.push(
      `The board's TLS stack is not known for sure (${project.stack.knownBy}); judged as ${facts.stacks.map((id) => tlsStacks[id].label).join(' and as ')}.`,
    );
  }
  return found.filter((remark) => remark !== undefined);
}
