// A sketch that pins the broker's certificate by its SHA-1: right until the certificate is renewed.
import { type DiagnosisFacts, describe } from '../diagnosisFacts';
import { sha1Digits } from '../pinnedFingerprint';
import type { Verdict } from '../verdict';

export function fingerprintVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { project, broker } = facts;
  const pinned = project.fingerprint?.pinned;
  const [leaf] = broker.chain;
  if (!pinned || !leaf || project.insecure) return undefined;
  const digits = sha1Digits(pinned.text);
  const actual = facts.sha1(leaf.der);
  if (digits === actual.replaceAll(':', '')) return undefined;
  return {
    cause: 'fingerprint-mismatch',
    certainty: 'proven',
    title: digits
      ? "The sketch trusts one certificate by its fingerprint, and the broker's is another one."
      : 'The fingerprint in the sketch is no SHA-1: 20 bytes in hex are expected.',
    boardPrints: '62 BR_ERR_X509_NOT_TRUSTED (BearSSL)',
    evidence: [
      { text: `The sketch pins ${pinned.text.slice(0, 60)}.`, at: pinned.at },
      {
        text: `The broker sends ${describe(leaf, facts)} with the SHA-1 ${actual}, valid from ${new Date(leaf.notBefore).toISOString().slice(0, 10)}.`,
      },
    ],
    fixes: [
      {
        kind: 'edit',
        title: "Put the fingerprint of the broker's certificate into the sketch",
        confirm: `Anyone on the network could send this certificate. Trust it only if its SHA-1 fingerprint is the one that the broker's owner tells you: ${actual}`,
        edits: [{ file: pinned.at.file, start: pinned.at.start, end: pinned.at.end, newText: `"${actual}"` }],
      },
      {
        kind: 'advice',
        title:
          'Better: trust the CA with setTrustAnchors(), which stays right when the certificate of the broker is renewed.',
      },
    ],
    remaining: [],
  };
}
