// What else a board may hold against the broker's certificate: dates, weak keys and hashes, purpose, extensions.

import type { BoardObjection } from '../boardView';
import { anchorsOf, boardViews, checksChain, comparesDates, type DiagnosisFacts, objected } from '../diagnosisFacts';
import { tlsStacks } from '../tlsStack';
import type { Verdict } from '../verdict';

type Told = Pick<Verdict, 'cause' | 'title' | 'boardPrints'> & { readonly advice: string };

const TOLD: Partial<Record<BoardObjection, Told>> = {
  expired: {
    cause: 'expired',
    title: "The broker's certificate has expired.",
    boardPrints: '54 BR_ERR_X509_EXPIRED (BearSSL), -0x2700 (Mbed TLS with MBEDTLS_HAVE_TIME_DATE)',
    advice: 'Renew the broker’s certificate.',
  },
  'not-yet-valid': {
    cause: 'expired',
    title: "The broker's certificate is not valid yet.",
    boardPrints: '54 BR_ERR_X509_EXPIRED (BearSSL), -0x2700 (Mbed TLS with MBEDTLS_HAVE_TIME_DATE)',
    advice: 'Check the clock of the machine that issued it; issue with notBefore an hour back.',
  },
  'weak-hash': {
    cause: 'weak-certificate',
    title: "The broker's certificate is signed with a hash that the board does not take (SHA-1 or older).",
    boardPrints: '-0x2700',
    advice: 'Have it signed with SHA-256.',
  },
  'weak-key': {
    cause: 'weak-certificate',
    title: "A key in the broker's chain is of a kind or size that the board does not take.",
    boardPrints: '-0x2700, or -0x7A00 for a curve that it does not know',
    advice: 'Use EC P-256 or RSA with 2048 bits or more.',
  },
  'key-usage': {
    cause: 'wrong-purpose',
    title: "The broker's certificate may not sign a handshake: its key usage has no digitalSignature.",
    boardPrints: '-0x7A00 (bad certificate)',
    advice: 'Issue it again with key usage digitalSignature.',
  },
  'extended-key-usage': {
    cause: 'wrong-purpose',
    title: "The broker's certificate is not meant for servers: its extended key usage has no serverAuth.",
    boardPrints: '-0x7A00 (bad certificate)',
    advice: 'Issue it again with extended key usage serverAuth: it looks like a device certificate.',
  },
  'unknown-critical-extension': {
    cause: 'unreadable-certificate',
    title: "A certificate of the broker's chain has a critical extension that the board's TLS stack does not know.",
    boardPrints: '-0x2562 (Mbed TLS), 57 BR_ERR_X509_CRITICAL_EXTENSION (BearSSL)',
    advice: 'Issue it without that extension (often name constraints), or mark it not critical.',
  },
  'chain-too-long': {
    cause: 'unreadable-certificate',
    title: "The broker's chain has more than eight intermediate certificates.",
    boardPrints: '-0x3000',
    advice: 'Send only the certificates that lead from the leaf to the CA.',
  },
};

export function brokerCertificateVerdicts(facts: DiagnosisFacts): Verdict[] {
  if (!checksChain(facts) || facts.broker.chain.length === 0) return [];
  const views = boardViews(facts, anchorsOf(facts));
  return Object.entries(TOLD).flatMap(([objection, told]) => {
    const verdict = objected(views, objection as BoardObjection);
    if (verdict === 'none') return [];
    const stacks = views.filter(({ objections }) => objections.includes(objection as BoardObjection));
    const { cause, title, boardPrints, advice } = told;
    return [
      {
        cause,
        title,
        ...(boardPrints ? { boardPrints } : {}),
        certainty: verdict === 'all' ? 'proven' : 'likely',
        evidence: [
          ...facts.broker.chain.map((certificate, i) => ({
            text: `Certificate ${i + 1}: ${certificate.subject.text}, valid ${day(certificate.notBefore)} to ${day(certificate.notAfter)}, ${certificate.publicKey.curve ?? `${certificate.publicKey.algorithm} ${certificate.publicKey.bits}`}, signed with ${certificate.signatureAlgorithm.name}${certificate.extendedKeyUsage ? `, for ${certificate.extendedKeyUsage.join(', ')}` : ''}.`,
          })),
          { text: `Judged by the rules of ${stacks.map(({ stack }) => tlsStacks[stack].label).join('; ')}.` },
        ],
        fixes: [{ kind: 'advice' as const, title: advice }],
        remaining: [],
      } satisfies Verdict,
    ];
  });
}

/** Dates that this board ignores but another client will not: worth saying, never the cause on an ESP32. */
export function datesRemark(facts: DiagnosisFacts): string | undefined {
  const late = facts.broker.chain.find(({ notAfter }) => notAfter < facts.now);
  const ignored = facts.stacks.every((stack) => !comparesDates(facts, stack));
  return late && ignored
    ? `${late.subject.text} expired on ${day(late.notAfter)}. An ESP32 does not compare dates by default, so this is not why it fails; other clients will refuse it.`
    : undefined;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
