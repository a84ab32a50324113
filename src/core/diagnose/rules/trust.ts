// Does the CA in the firmware lead to the broker's certificate? The commonest failure, and the board never says which.
import type { Certificate } from '../../x509/certificate';
import { writePem } from '../../x509/pem';
import type { BoardView } from '../boardView';
import {
  anchorsOf,
  boardViews,
  checksChain,
  comparesDates,
  type DiagnosisFacts,
  describe,
  type KnownCertificate,
  objected,
  shortName,
  where,
} from '../diagnosisFacts';
import { replacePem } from '../pemLiteral';
import { tlsStacks } from '../tlsStack';
import type { Evidence, ProposedFix, Verdict } from '../verdict';

const FAILS = '-0x2700 (Mbed TLS), 62 BR_ERR_X509_NOT_TRUSTED (BearSSL)';

export function trustVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { project, broker } = facts;
  if (!checksChain(facts) || project.atRunTime.ca) return undefined;
  const fixes = caFixes(facts);
  if (!project.ca && !project.usesBundle) {
    return {
      cause: 'no-ca',
      certainty: 'likely',
      title: 'The sketch gives the TLS client no CA, so it cannot check any broker.',
      boardPrints: 'start_ssl_client: -1 (Arduino), or "No server verification option set" (ESP-IDF)',
      evidence: [
        { text: 'No setCACert, setTrustAnchors, setCACertBundle or ESP-IDF CA setting was found in the sources.' },
        ...chainEvidence(facts),
      ],
      fixes: [
        { kind: 'advice', title: 'Call setCACert() with the CA that signed the broker’s certificate.' },
        ...fixes,
      ],
      remaining: ['The CA may be set in a way that was not recognised (read from a file or from NVS).'],
    };
  }
  if (project.ca?.problem) {
    const { ca } = project;
    const line = ca.at.line + (ca.form === 'file' ? (ca.problem?.line ?? 1) : (ca.problem?.line ?? 1)) - 1;
    return {
      cause: 'damaged-ca',
      certainty: 'proven',
      title: `The CA certificate in the sketch is damaged: ${project.ca.problem.message}`,
      boardPrints: '-0x2780, -0x2180 or -0x1080 while the certificate is parsed',
      evidence: [{ text: `${where(ca)}: damaged in or near line ${line}.`, at: ca.at }],
      fixes,
      remaining: [],
    };
  }
  const anchors = anchorsOf(facts);
  const views = boardViews(facts, anchors);
  const verdict = objected(views, 'not-trusted');
  const [view] = views.filter(({ objections }) => objections.includes('not-trusted'));
  if (verdict === 'none' || !view || broker.chain.length === 0) return undefined;
  const explained = explain(facts, view);
  // That the CA does not lead there is proven; which of two reasons it has may not be.
  const certainty = project.ca && explained.remaining.length === 0 ? 'proven' : 'likely';
  return { ...explained, fixes, certainty, boardPrints: FAILS };
}

type Explained = Pick<Verdict, 'cause' | 'title' | 'evidence' | 'remaining'>;

function explain(facts: DiagnosisFacts, view: BoardView): Explained {
  const { project } = facts;
  const last = view.path.at(-1) as Certificate;
  const [held] = anchorsOf(facts);
  const holds: Evidence[] = project.ca
    ? project.ca.certificates.map((certificate) => ({
        text: `The board holds: ${where(project.ca as NonNullable<typeof project.ca>)}: ${describe(certificate, facts)}.`,
        at: (project.ca as NonNullable<typeof project.ca>).at,
      }))
    : [{ text: 'The board holds: the certificate bundle of its framework (public authorities).' }];
  const stack = tlsStacks[view.stack];
  const evidence = [
    ...chainEvidence(facts),
    ...holds,
    ...keyIdEvidence(last, held),
    ...knownEvidence(facts, last),
    {
      text: comparesDates(facts, view.stack)
        ? `Judged by the rules of ${stack.label}.`
        : `Judged by the rules of ${stack.label}; dates play no part: it does not compare them by default.`,
    },
  ];
  const remaining: string[] = [];
  if (view.sameNameOtherKey) {
    const reason = mayBeCa(view.sameNameOtherKey)
      ? undefined
      : `${shortName(view.sameNameOtherKey)} in the sketch is no CA certificate (basicConstraints CA is missing), so the board does not let it sign.`;
    return {
      cause: reason ? 'not-a-ca' : 'ca-made-anew',
      title:
        reason ??
        `The CA in the sketch has the right name, ${shortName(view.sameNameOtherKey)}, but another key: the CA was made again, and the broker's certificate is signed by the other one.`,
      evidence,
      remaining,
    };
  }
  const bridge = missingIntermediate(facts, last);
  if (bridge) {
    return {
      cause: 'incomplete-chain',
      title: `The broker does not send the intermediate certificate ${shortName(bridge.certificate)}, so the chain ends before the CA that the board holds.`,
      evidence: [...evidence, { text: `${bridge.path} holds that intermediate.` }],
      remaining,
    };
  }
  if (held && project.ca && facts.broker.chain[0] && sameDer(held, facts.broker.chain[0])) {
    return {
      cause: 'not-a-ca',
      title:
        "The sketch holds the broker's own certificate as its CA. Mbed TLS trusts a CA, not the certificate of a server.",
      evidence,
      remaining,
    };
  }
  const issuer = last.issuer.commonName ?? last.issuer.text;
  if (!facts.known.some(({ certificate }) => signs(certificate, last, facts)) && !facts.broker.chain.some(isRoot)) {
    remaining.push(
      `"${issuer}" is not known here. If it is an intermediate authority that the CA on the board signed, the CA is right, and the broker has to send that intermediate with its certificate.`,
    );
  }
  return {
    cause: 'wrong-ca',
    title: project.ca
      ? `The board holds ${remaining.length > 0 ? 'no CA for this broker' : 'the wrong CA'}: the broker's certificate comes from "${issuer}", the sketch has ${held ? shortName(held) : 'none'}.`
      : `The broker's certificate comes from "${issuer}", which is not in the certificate bundle.`,
    evidence,
    remaining,
  };
}

function chainEvidence(facts: DiagnosisFacts): Evidence[] {
  const { chain, host, port } = facts.broker;
  return chain.map((certificate, i) => ({
    text: `${i === 0 ? `The broker ${host}:${port} sends` : 'and then'}: ${describe(certificate, facts)}, issued by ${certificate.issuer.text}.`,
  }));
}

function keyIdEvidence(last: Certificate, held: Certificate | undefined): Evidence[] {
  if (!last.authorityKeyId || !held?.subjectKeyId || last.authorityKeyId === held.subjectKeyId) return [];
  return [
    {
      text: `The broker's chain wants the issuer with key id ${last.authorityKeyId.slice(0, 16)}…; the CA on the board has ${held.subjectKeyId.slice(0, 16)}….`,
    },
  ];
}

function knownEvidence(facts: DiagnosisFacts, last: Certificate): Evidence[] {
  return facts.known
    .filter(({ certificate }) => signs(certificate, last, facts))
    .slice(0, 3)
    .map(({ path, certificate }) => ({ text: `${path} is the CA that signed it: ${describe(certificate, facts)}.` }));
}

function signs(parent: Certificate, child: Certificate, facts: DiagnosisFacts): boolean {
  return mayBeCa(parent) && sameText(parent.subject.der, child.issuer.der) && facts.verifySignature(child, parent);
}

function mayBeCa(certificate: Certificate): boolean {
  return certificate.version < 3 || certificate.basicConstraints?.ca === true;
}

function isRoot(certificate: Certificate): boolean {
  return sameText(certificate.subject.der, certificate.issuer.der);
}

function sameText(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

function sameDer(a: Certificate, b: Certificate): boolean {
  return sameText(a.der, b.der);
}

/** An intermediate of the workspace that joins the broker's chain to what the board holds. */
function missingIntermediate(facts: DiagnosisFacts, last: Certificate): KnownCertificate | undefined {
  return facts.known.find(
    ({ certificate }) =>
      !isRoot(certificate) &&
      signs(certificate, last, facts) &&
      anchorsOf(facts).some((anchor) => signs(anchor, certificate, facts)),
  );
}

/** CAs that would make the board accept the chain: those of the workspace first, then, to be confirmed, the broker's. */
function caFixes(facts: DiagnosisFacts): ProposedFix[] {
  const { ca } = facts.project;
  if (!ca) return [];
  const works = (certificate: Certificate): boolean =>
    objected(boardViews(facts, [certificate]), 'not-trusted') === 'none' && mayBeCa(certificate);
  const known = facts.known.find(({ certificate }) => works(certificate));
  if (known) {
    const pem = writePem('CERTIFICATE', known.certificate.der);
    return [
      {
        kind: 'edit',
        title: `Put ${shortName(known.certificate)} from ${known.path} into ${ca.at.file}`,
        edits: [replacePem(ca, pem)],
      },
    ];
  }
  const sent = facts.broker.chain.slice(1).findLast(works) ?? facts.broker.chain.find((c) => isRoot(c) && works(c));
  if (!sent) {
    return [
      {
        kind: 'advice',
        title: 'Get the CA certificate from whoever runs the broker, and put it into the sketch in place of this one.',
      },
    ];
  }
  return [
    {
      kind: 'edit',
      title: `Trust ${shortName(sent)}, which the broker itself sends`,
      confirm: `Anyone on the network could send this certificate. Trust it only if its SHA-256 fingerprint is the one that the broker's owner tells you: ${facts.fingerprint(sent.der)}`,
      edits: [replacePem(ca, writePem('CERTIFICATE', sent.der))],
    },
  ];
}
