// BearSSL's "minimal" X.509 engine as the ESP8266 core sets it up (src/x509/x509_minimal.t0, read step by step).
import type { Certificate } from '../x509/certificate';
import { sameBytes } from '../x509/der';
import { type BoardObjection, type BoardQuestion, type BoardView, keyIsStrong } from './boardView';
import { hostNameMatches } from './hostName';
import { sameName } from './sameName';
import type { TlsStack } from './tlsStack';

/** Read or ignored even when critical; any other critical extension (also extended key usage) is refused. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['2.5.29.19', '2.5.29.15', '2.5.29.17', '2.5.29.32'],
  ...['2.5.29.35', '2.5.29.14', '2.5.29.18', '2.5.29.9', '2.5.29.31', '2.5.29.46'],
  ...['1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.1.11'],
]);

/**
 * The chain is taken strictly in the order sent: each certificate has to be issued by the next one, until a trust anchor
 * fits. An anchor is a name and a key; its own dates, extensions and signature do not count.
 */
export function verifyAsBearssl(question: BoardQuestion, stack: TlsStack): BoardView {
  const { chain, anchors } = question;
  const objections = new Set<BoardObjection>();
  const path: Certificate[] = [];
  for (const [place, certificate] of chain.entries()) {
    path.push(certificate);
    judge(question, stack, certificate, place, objections);
    const direct = anchors.find((anchor) => place === 0 && !isCa(anchor) && sameKey(anchor, certificate, stack));
    if (direct) return view(stack, objections, path, direct);
    const { hash, key } = certificate.signatureAlgorithm;
    if (!hash || !stack.hashes.includes(hash) || key === 'rsa-pss') objections.add('weak-hash');
    const anchor = anchors.find(
      (candidate) =>
        isCa(candidate) &&
        sameName(certificate.issuer, candidate.subject, stack) &&
        question.verifySignature(certificate, candidate),
    );
    if (anchor) return view(stack, objections, [...path, anchor], anchor);
    const next = chain[place + 1];
    if (!next || !sameName(certificate.issuer, next.subject, stack)) break;
    if (!mayIssue(next, place) || !question.verifySignature(certificate, next)) break;
  }
  objections.add('not-trusted');
  const last = path.at(-1);
  const double = last && anchors.find((anchor) => sameName(last.issuer, anchor.subject, stack));
  return { ...view(stack, objections, path), ...(double ? { sameNameOtherKey: double } : {}) };
}

/** What decode-certificate checks of one certificate by itself. */
function judge(
  { now, hostName }: BoardQuestion,
  stack: TlsStack,
  certificate: Certificate,
  place: number,
  objections: Set<BoardObjection>,
): void {
  if (place === 0 && !hostNameMatches(certificate, hostName, stack)) objections.add('name-mismatch');
  if (certificate.extensions.some(({ oid, critical }) => critical && !TAKEN.has(oid))) {
    objections.add('unknown-critical-extension');
  }
  if (now === undefined) objections.add('time-unknown');
  else if (certificate.notAfter < now) objections.add('expired');
  else if (certificate.notBefore > now) objections.add('not-yet-valid');
  if (!keyIsStrong(certificate, stack)) objections.add('weak-key');
  const wanted = place === 0 ? (['digitalSignature', 'nonRepudiation'] as const) : (['keyCertSign'] as const);
  const usage = certificate.keyUsage;
  // For a leaf this is what an ECDHE suite needs of it; the engine itself only notes the usages.
  if (usage && !wanted.some((one) => usage.includes(one))) objections.add('key-usage');
}

/** process-basicConstraints: the CA flag must be there; `place` certificates stand below the issuer, the leaf among them. */
function mayIssue({ basicConstraints }: Certificate, place: number): boolean {
  if (!basicConstraints?.ca) return false;
  return basicConstraints.pathLength === undefined || basicConstraints.pathLength >= place;
}

/** The core marks an anchor as a CA by its basicConstraints (br_x509_decoder_isCA). */
function isCa(certificate: Certificate): boolean {
  return certificate.basicConstraints?.ca === true;
}

function sameKey(a: Certificate, b: Certificate, stack: TlsStack): boolean {
  return sameName(a.subject, b.subject, stack) && sameBytes(a.spki, b.spki);
}

function view(
  stack: TlsStack,
  objections: Set<BoardObjection>,
  path: readonly Certificate[],
  anchor?: Certificate,
): BoardView {
  return {
    stack: stack.id,
    accepted: objections.size === 0,
    objections: [...objections],
    path,
    ...(anchor ? { anchor } : {}),
  };
}
