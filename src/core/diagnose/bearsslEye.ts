// BearSSL's "minimal" X.509 engine as the ESP8266 core sets it up (src/x509/x509_minimal.t0, read step by step).
import type { Certificate } from '../x509/certificate';
import { refuses } from '../x509/criticalExtensions';
import { sameBytes } from '../x509/der';
import { type BoardObjection, type BoardQuestion, type BoardView, keyIsStrong } from './boardView';
import { nameFits } from './hostName';
import { sameName } from './sameName';
import type { TlsStack } from './tlsStack';

/**
 * The chain is taken strictly in the order sent: each certificate has to be issued by the next one, until a trust anchor
 * fits. An anchor is a name and a key; its own dates, extensions and signature do not count. BearSSL stops at its first
 * objection, which is the first of the answer; those after it are what it would find next.
 */
export function verifyAsBearssl(question: BoardQuestion, stack: TlsStack): BoardView {
  const { chain, anchors } = question;
  const [leaf] = chain;
  const objections = new Set<BoardObjection>();
  const path: Certificate[] = [];
  const end = (anchor?: Certificate): BoardView => {
    if (!anchor) objections.add('not-trusted');
    // What an ECDHE suite needs of the leaf; the X.509 engine only notes it, and the handshake fails after the chain.
    if (leaf && !mayBeUsed(leaf, 'digitalSignature', 'nonRepudiation')) objections.add('key-usage');
    const found = { stack: stack.id, accepted: objections.size === 0, objections: [...objections], path };
    return anchor ? { ...found, anchor } : found;
  };
  for (const [place, certificate] of chain.entries()) {
    for (const objection of datesOf(certificate, question.now)) objections.add(objection);
    const below = chain[place - 1];
    if (below && !sameName(below.issuer, certificate.subject, stack)) break;
    if (!keyIsStrong(certificate, stack)) objections.add('weak-key');
    if (below && !question.verifySignature(below, certificate)) break;
    const extensions = extensionObjections(certificate, place);
    for (const objection of extensions) objections.add(objection);
    if (extensions.includes('not-trusted')) break;
    path.push(certificate);
    if (place === 0) {
      if (!nameFits(certificate, question, stack)) objections.add('name-mismatch');
      const direct = anchors.find((anchor) => !isCa(anchor) && sameKey(anchor, certificate, stack));
      if (direct) return end(direct);
    }
    const { hash, key } = certificate.signatureAlgorithm;
    if (!hash || !stack.hashes.includes(hash) || key === 'rsa-pss') objections.add('weak-hash');
    const anchor = anchors.find(
      (candidate) =>
        isCa(candidate) &&
        sameName(certificate.issuer, candidate.subject, stack) &&
        question.verifySignature(certificate, candidate),
    );
    if (anchor) {
      path.push(anchor);
      return end(anchor);
    }
  }
  const last = path.at(-1);
  const double = last && anchors.find((anchor) => sameName(last.issuer, anchor.subject, stack));
  return { ...end(), ...(double ? { sameNameOtherKey: double } : {}) };
}

function datesOf({ notAfter, notBefore }: Certificate, now: number | undefined): BoardObjection[] {
  if (now === undefined) return ['time-unknown'];
  if (notBefore > now) return ['not-yet-valid'];
  return notAfter < now ? ['expired'] : [];
}

/**
 * In the order in which they stand in the certificate. An issuer needs basicConstraints with the CA flag: without them
 * nothing is trusted through it. `place` certificates stand below it, and all but the leaf count for the path length.
 */
function extensionObjections(certificate: Certificate, place: number): BoardObjection[] {
  const { basicConstraints, extensions } = certificate;
  const found = extensions.flatMap((extension): BoardObjection[] => {
    const { critical, oid } = extension;
    if (critical && refuses(extension, 'bearssl')) return ['unknown-critical-extension'];
    if (place === 0) return [];
    if (oid === '2.5.29.15') return mayBeUsed(certificate, 'keyCertSign') ? [] : ['key-usage'];
    if (oid !== '2.5.29.19') return [];
    const long = basicConstraints?.pathLength !== undefined && basicConstraints.pathLength < place - 1;
    return isCa(certificate) && !long ? [] : ['not-trusted'];
  });
  return place > 0 && !basicConstraints ? [...found, 'not-trusted'] : found;
}

function mayBeUsed({ keyUsage }: Certificate, ...wanted: readonly NonNullable<Certificate['keyUsage']>[number][]) {
  return !keyUsage || wanted.some((one) => keyUsage.includes(one));
}

/** The core marks an anchor as a CA by its basicConstraints (br_x509_decoder_isCA). */
function isCa(certificate: Certificate): boolean {
  return certificate.basicConstraints?.ca === true;
}

function sameKey(a: Certificate, b: Certificate, stack: TlsStack): boolean {
  return sameName(a.subject, b.subject, stack) && sameBytes(a.spki, b.spki);
}
