// BearSSL's "minimal" X.509 engine as the ESP8266 core sets it up (BearSSL src/x509/x509_minimal.t0, WiFiClientSecureBearSSL.cpp).
import type { Certificate } from '../x509/certificate';
import { sameBytes } from '../x509/der';
import { type BoardObjection, type BoardQuestion, type BoardView, keyIsStrong } from './boardView';
import { hostNameMatches } from './hostName';
import { sameName } from './sameName';
import type { TlsStack } from './tlsStack';

/** basicConstraints, keyUsage, SAN are read; the rest is only refused when critical. */
const READ: ReadonlySet<string> = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.17']);

/**
 * The chain is taken strictly in the order sent: each certificate has to be issued by the next one, until a trust anchor
 * fits. An anchor is a name and a key; its own dates, extensions and signature do not count.
 */
export function verifyAsBearssl(question: BoardQuestion, stack: TlsStack): BoardView {
  const { chain, anchors, now } = question;
  const objections = new Set<BoardObjection>();
  const path: Certificate[] = [];
  const [leaf] = chain;
  if (leaf && !hostNameMatches(leaf, question.hostName, stack)) objections.add('name-mismatch');
  if (now === undefined) objections.add('time-unknown');
  for (const [i, certificate] of chain.entries()) {
    path.push(certificate);
    if (certificate.extensions.some(({ oid, critical }) => critical && !READ.has(oid))) {
      objections.add('unknown-critical-extension');
    }
    if (now !== undefined && certificate.notAfter < now) objections.add('expired');
    if (now !== undefined && certificate.notBefore > now) objections.add('not-yet-valid');
    if (!keyIsStrong(certificate, stack)) objections.add('weak-key');
    const direct = anchors.find(
      (anchor) => i === 0 && !anchor.basicConstraints?.ca && sameKey(anchor, certificate, stack),
    );
    if (direct) return view(stack, objections, path, direct);
    const anchor = anchors.find(
      (candidate) =>
        isCa(candidate) &&
        sameName(certificate.issuer, candidate.subject, stack) &&
        question.verifySignature(certificate, candidate),
    );
    if (anchor) return view(stack, objections, [...path, anchor], anchor);
    const next = chain[i + 1];
    if (!next || !sameName(certificate.issuer, next.subject, stack)) break;
    if (!next.basicConstraints?.ca || !question.verifySignature(certificate, next)) break;
  }
  objections.add('not-trusted');
  const last = path.at(-1);
  const double = last && anchors.find((anchor) => sameName(last.issuer, anchor.subject, stack));
  return { ...view(stack, objections, path), ...(double ? { sameNameOtherKey: double } : {}) };
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
