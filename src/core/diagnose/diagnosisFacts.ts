// Everything that a diagnosis is made from. Gathered in io, judged here.
import type { Certificate } from '../x509/certificate';
import type { BoardObjection, BoardView } from './boardView';
import type { BrokerFacts } from './brokerFacts';
import { lookAsBoard } from './deviceEye';
import type { PemFact, ProjectFacts } from './projectFacts';
import { type TlsStackId, tlsStacks } from './tlsStack';

/** A certificate of the workspace: `path` for people and for fixes, `text` the whole file. */
export interface KnownCertificate {
  readonly path: string;
  readonly text: string;
  readonly certificate: Certificate;
}

export interface DiagnosisFacts {
  readonly project: ProjectFacts;
  readonly broker: BrokerFacts;
  /** The name the board checks the certificate against. */
  readonly hostName: string;
  readonly stacks: readonly TlsStackId[];
  readonly known: readonly KnownCertificate[];
  /** The framework's bundle, approximated by this machine's public roots; only read when the sketch uses it. */
  readonly publicRoots: readonly Certificate[];
  /** Does the sketch's key belong to its certificate? Undefined when there is no pair to compare. */
  readonly keyMatches?: boolean;
  /** Where the sketch loads its pair at run time: the workspace's certificate that the replay showed instead. */
  readonly stored?: { readonly path: string };
  /** Epoch milliseconds. */
  readonly now: number;
  readonly verifySignature: (child: Certificate, parent: Certificate) => boolean;
  /** SHA-256 of the bytes, upper-case hex with colons. */
  readonly fingerprint: (der: Uint8Array) => string;
  /** SHA-1 likewise: what BearSSL pins. */
  readonly sha1: (der: Uint8Array) => string;
}

/** The certificates that the firmware trusts. */
export function anchorsOf({ project, publicRoots }: DiagnosisFacts): readonly Certificate[] {
  if (project.ca) return project.ca.certificates;
  return project.usesBundle ? publicRoots : [];
}

/** Does the firmware check the broker's chain at all? */
export function checksChain({ project }: DiagnosisFacts): boolean {
  return !project.insecure && !project.fingerprint && !project.usesPsk;
}

export function boardViews(facts: DiagnosisFacts, anchors: readonly Certificate[]): BoardView[] {
  return facts.stacks.map((stack) =>
    lookAsBoard({
      stack,
      anchors,
      chain: facts.broker.chain,
      hostName: checkedName(facts, stack),
      now: facts.now,
      checksDates: comparesDates(facts, stack),
      verifySignature: facts.verifySignature,
    }),
  );
}

/** By default only BearSSL; with Mbed TLS where the firmware is built so. */
export function comparesDates({ project }: DiagnosisFacts, stack: TlsStackId): boolean {
  return tlsStacks[stack].checksDates || project.stack.checksDates === true;
}

/**
 * The ESP8266 core hands BearSSL no name where the sketch connects by `IPAddress` (WiFiClientSecureBearSSL.cpp, connect);
 * arduino-esp32 hands Mbed TLS the address as text.
 */
function checkedName({ hostName, project }: DiagnosisFacts, stack: TlsStackId): string | undefined {
  return stack === 'bearssl' && project.host?.literal === '' ? undefined : hostName;
}

/** `all`: every stack it could be objects; `some`: it depends on which one it is. */
export function objected(views: readonly BoardView[], objection: BoardObjection): 'all' | 'some' | 'none' {
  const count = views.filter(({ objections }) => objections.includes(objection)).length;
  if (count === 0) return 'none';
  return count === views.length ? 'all' : 'some';
}

/** Short and comparable: name, then the first bytes of the fingerprint and the key id. */
export function describe(certificate: Certificate, facts: DiagnosisFacts): string {
  const keyId = certificate.subjectKeyId ? `, key id ${certificate.subjectKeyId.slice(0, 16)}…` : '';
  return `${certificate.subject.text} (SHA-256 ${facts.fingerprint(certificate.der).slice(0, 23)}…${keyId})`;
}

export function shortName(certificate: Certificate): string {
  return `"${certificate.subject.commonName ?? certificate.subject.text}"`;
}

export function where(fact: PemFact): string {
  return `${fact.name ? `${fact.name} in ` : ''}${fact.at.file}${fact.form === 'file' ? '' : `, line ${fact.at.line}`}`;
}
