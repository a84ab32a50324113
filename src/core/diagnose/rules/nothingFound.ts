// No rule found a cause: either all works from here, or the honest "not known", with what remains.
import { alertName } from '../../tls/alerts';
import type { Attempt } from '../brokerFacts';
import { boardViews, comparesDates, type DiagnosisFacts } from '../diagnosisFacts';
import { tlsStacks } from '../tlsStack';
import type { Evidence, ProposedFix, Verdict } from '../verdict';

export function nothingFound(facts: DiagnosisFacts): Verdict {
  const { broker, project, stored } = facts;
  const attempt = broker.withCertificate ?? broker.withoutCertificate;
  const ca = storedCa(facts);
  const compared = project.ca !== undefined || project.usesBundle || project.insecure !== undefined || ca !== undefined;
  const works = compared && attempt?.outcome === 'connected' && broker.chain.length > 0;
  const fromStore = [ca, broker.withCertificate && stored?.path].filter((path) => path !== undefined);
  return {
    cause: works ? 'nothing-wrong-from-here' : 'not-known',
    certainty: works ? 'likely' : 'unknown',
    title: works ? worksTitle(fromStore) : 'The cause is not known.',
    evidence: evidenceOf(facts, attempt, ca),
    fixes: works && fromStore.length > 0 ? [PROVISION] : [],
    remaining: remaining(facts, fromStore),
  };
}

const PROVISION: ProposedFix = {
  kind: 'advice',
  title: 'Bring these files onto the board again (Provision Device…), so that it holds what was tried here',
};

function worksTitle(fromStore: readonly string[]): string {
  return fromStore.length > 0
    ? `With what this workspace has for the board (${fromStore.join(', ')}) the connection works from here.`
    : 'With the files of this sketch the connection works from here, and the board would accept the broker.';
}

/** Path of the workspace's CA that a board which loads its CA at run time should hold: one that leads to the chain. */
function storedCa(facts: DiagnosisFacts): string | undefined {
  if (!facts.project.atRunTime.ca || facts.broker.chain.length === 0) return undefined;
  return facts.known.find(
    ({ certificate }) =>
      certificate.basicConstraints?.ca === true && boardViews(facts, [certificate]).every(({ accepted }) => accepted),
  )?.path;
}

function evidenceOf(facts: DiagnosisFacts, attempt: Attempt | undefined, ca: string | undefined): Evidence[] {
  const { broker, project, stored } = facts;
  const evidence: Evidence[] = [
    { text: `The broker ${broker.host}:${broker.port} sends ${broker.chain.length} certificate(s).` },
  ];
  if (attempt?.outcome === 'connected') {
    const mqtt = attempt.connack === 0 ? ', MQTT accepted' : '';
    evidence.push({ text: `Handshake ${attempt.version}, ${attempt.cipher}${mqtt}.` });
  }
  if (attempt?.outcome === 'refused') evidence.push({ text: `The handshake from here failed: ${reason(attempt)}.` });
  if (project.ca) evidence.push({ text: "The CA of the sketch leads to the broker's certificate.", at: project.ca.at });
  if (ca)
    evidence.push({
      text: `The sketch loads its CA at run time; ${ca} is one that leads to the broker's certificate.`,
    });
  if (stored && broker.withCertificate)
    evidence.push({ text: `The sketch loads its client certificate at run time; tried with ${stored.path}.` });
  return evidence;
}

function reason(attempt: Extract<Attempt, { outcome: 'refused' }>): string {
  return attempt.alert === undefined
    ? attempt.message
    : `the broker sent the alert ${alertName(attempt.alert)} (${attempt.alert})`;
}

function remaining(facts: DiagnosisFacts, fromStore: readonly string[]): string[] {
  const dating = facts.stacks.filter((id) => comparesDates(facts, id));
  const needsTime = dating.map((id) =>
    tlsStacks[id].library === 'bearssl'
      ? 'BearSSL needs the time: without NTP every certificate is refused.'
      : 'MBEDTLS_HAVE_TIME_DATE is on: until the board has the time (SNTP) no certificate is valid yet.',
  );
  return [
    ...(fromStore.length > 0 ? ['The board may hold other certificates than the ones of this workspace.'] : []),
    'The firmware on the board may be older than these files: build and flash again.',
    'The board may resolve the name differently, or sit in another network.',
    'The board may be short of memory (look for -0x7F00 or a small free heap).',
    ...new Set(needsTime),
  ];
}
