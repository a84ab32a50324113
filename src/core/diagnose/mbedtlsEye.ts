// Mbed TLS's certificate verifier, step by step (library/x509_crt.c: x509_crt_verify_chain, x509_crt_find_parent), so that
// the answer is the board's and not OpenSSL's.
import type { Certificate } from '../x509/certificate';
import { refusedExtension } from '../x509/criticalExtensions';
import { children, readElement, sameBytes, Tag, value } from '../x509/der';
import { type BoardObjection, type BoardQuestion, type BoardView, keyIsStrong } from './boardView';
import { nameFits } from './hostName';
import { sameName } from './sameName';
import type { TlsStack } from './tlsStack';

const MAX_INTERMEDIATES = 8; // MBEDTLS_X509_MAX_INTERMEDIATE_CA

export function verifyAsMbedtls(asked: BoardQuestion, stack: TlsStack): BoardView {
  const [leaf] = asked.chain;
  if (!leaf) return { stack: stack.id, accepted: false, objections: ['no-chain'], path: [] };
  const objections = new Set<BoardObjection>();
  // x509_get_crt_ext: parsing fails. In the chain that ends the handshake; of the CA certificates the others remain.
  const reads = (certificate: Certificate): boolean => !refusedExtension(certificate, stack.extensions);
  const anchors = asked.anchors.filter(reads);
  if (!asked.chain.every(reads) || (asked.anchors.length > 0 && anchors.length === 0)) {
    return { stack: stack.id, accepted: false, objections: ['unknown-critical-extension'], path: [leaf] };
  }
  const question = { ...asked, anchors };
  if (!nameFits(leaf, question, stack)) objections.add('name-mismatch');
  if (!keyIsStrong(leaf, stack)) objections.add('weak-key');
  const found = walk(question, stack, leaf, objections);
  // mbedtls_ssl_check_cert_usage, after the chain was verified.
  if (leaf.keyUsage && !leaf.keyUsage.includes('digitalSignature')) objections.add('key-usage');
  const purposes = leaf.extendedKeyUsage;
  if (purposes && !purposes.includes('serverAuth') && !purposes.includes('anyExtendedKeyUsage')) {
    objections.add('extended-key-usage');
  }
  return { stack: stack.id, accepted: objections.size === 0, objections: [...objections], ...found };
}

type Walk = Pick<BoardView, 'path' | 'anchor' | 'sameNameOtherKey'>;

function walk(question: BoardQuestion, stack: TlsStack, leaf: Certificate, objections: Set<BoardObjection>): Walk {
  const path: Certificate[] = [];
  let child = leaf;
  let place = 0;
  let trusted = false;
  let selfIssued = 0;
  for (;;) {
    path.push(child);
    checkDates(question, stack, child, objections);
    if (trusted) return { path, anchor: child };
    const { hash } = child.signatureAlgorithm;
    if (!hash || !stack.hashes.includes(hash)) objections.add('weak-hash');
    if (path.length === 1 && isTrustedLeaf(child, question, stack)) return { path, anchor: child };
    const step = findParent(question, stack, child, place, path.length - 1 - selfIssued);
    if (!step) {
      objections.add('not-trusted');
      const double = question.anchors.find((anchor) => sameName(child.issuer, anchor.subject, stack));
      return { path, ...(double ? { sameNameOtherKey: double } : {}) };
    }
    if (path.length !== 1 && sameName(child.issuer, child.subject, stack)) selfIssued++;
    if (!step.trusted && path.length > MAX_INTERMEDIATES) {
      objections.add('chain-too-long');
      return { path };
    }
    if (!step.signatureIsGood) objections.add('not-trusted');
    if (!keyIsStrong(step.parent, stack)) objections.add('weak-key');
    child = step.parent;
    trusted = step.trusted;
    place = step.place;
  }
}

interface Step {
  readonly parent: Certificate;
  readonly trusted: boolean;
  readonly signatureIsGood: boolean;
  readonly place: number;
}

/** Trusted certificates first, then those that come after the child in the chain as sent. */
function findParent(
  q: BoardQuestion,
  stack: TlsStack,
  child: Certificate,
  place: number,
  length: number,
): Step | undefined {
  return (
    findParentIn(q, stack, child, q.anchors, 0, true, length) ??
    findParentIn(q, stack, child, q.chain, place + 1, false, length)
  );
}

function findParentIn(
  question: BoardQuestion,
  stack: TlsStack,
  child: Certificate,
  candidates: readonly Certificate[],
  from: number,
  trusted: boolean,
  length: number,
): Step | undefined {
  let fallback: Step | undefined;
  for (let place = from; place < candidates.length; place++) {
    const parent = candidates[place];
    if (!parent || !mayIssue(child, parent, trusted, stack)) continue;
    const limit = constraintsAsRead(parent).pathLength;
    if (limit !== undefined && limit < length) continue;
    const signatureIsGood = question.verifySignature(child, parent);
    if (trusted && !signatureIsGood) continue;
    const step = { parent, trusted, signatureIsGood, place };
    if (dateObjection(question, stack, parent)) fallback ??= step;
    else return step;
  }
  return fallback;
}

/** x509_crt_check_parent. Key ids (SKI, AKI) play no part in it. */
function mayIssue(child: Certificate, parent: Certificate, trusted: boolean, stack: TlsStack): boolean {
  if (!sameName(child.issuer, parent.subject, stack)) return false;
  if (trusted && parent.version < 3) return true;
  if (!constraintsAsRead(parent).ca) return false;
  return !parent.keyUsage || parent.keyUsage.includes('keyCertSign');
}

/**
 * x509_get_basic_constraints takes an INTEGER in the place of the cA flag for the flag: `pathLen 1` without cA, which
 * RFC 5280 forbids, makes a CA without a limit there.
 */
function constraintsAsRead(certificate: Certificate): { readonly ca: boolean; readonly pathLength?: number } {
  const constraints = certificate.basicConstraints ?? { ca: false };
  const extension = certificate.extensions.find(({ oid }) => oid === '2.5.29.19');
  if (constraints.ca || !extension) return constraints;
  const [first] = children(readElement(extension.value));
  return first?.tag === Tag.integer ? { ca: value(first).some((octet) => octet !== 0) } : constraints;
}

/** x509_crt_check_ee_locally_trusted: only for a certificate that names itself as its issuer. */
function isTrustedLeaf(leaf: Certificate, { anchors }: BoardQuestion, stack: TlsStack): boolean {
  return sameName(leaf.subject, leaf.issuer, stack) && anchors.some((anchor) => sameBytes(anchor.der, leaf.der));
}

function checkDates(
  q: BoardQuestion,
  stack: TlsStack,
  certificate: Certificate,
  objections: Set<BoardObjection>,
): void {
  const objection = dateObjection(q, stack, certificate);
  if (objection) objections.add(objection);
}

function dateObjection(q: BoardQuestion, stack: TlsStack, certificate: Certificate): BoardObjection | undefined {
  if (!(q.checksDates ?? stack.checksDates)) return undefined;
  const now = q.now ?? 0;
  if (certificate.notAfter < now) return 'expired';
  return certificate.notBefore > now ? 'not-yet-valid' : undefined;
}
