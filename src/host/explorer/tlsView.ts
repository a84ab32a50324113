// A connection's TLS as the pane shows it: what was negotiated, the chain, and what was verified in words.
import { VERIFY_REASONS } from '../../core/tls/verifyCodes';
import type { TlsFacts } from '../../io/tls/tlsFacts';
import type { TlsCheck, TlsView } from '../../protocol/explorerModel';

export interface TlsContext {
  /** Who was trusted, as the end of "trusted by". */
  readonly trustedBy: string;
  /** Name of the client certificate that was offered; null: none. */
  readonly clientCertificate: string | null;
  readonly nowMs: number;
}

export function tlsView(facts: TlsFacts, context: TlsContext): TlsView {
  const { version, cipher, keyExchange, servername, alpn, resumed } = facts;
  return {
    version,
    cipher,
    keyExchange,
    servername,
    alpn,
    resumed,
    chain: facts.chain.map(({ subject, issuer, names, notBeforeMs, notAfterMs, fingerprint, key, signature }) => ({
      subject,
      issuer,
      names,
      notBeforeMs,
      notAfterMs,
      fingerprint,
      key,
      signature,
    })),
    checks: [
      trustCheck(facts, context),
      nameCheck(facts),
      dateCheck(facts, context),
      clientCheck(context),
      { result: 'info', label: 'Revocation', detail: 'Not checked: no revocation list or OCSP answer was asked for.' },
    ],
  };
}

function trustCheck({ chain, chainProblem }: TlsFacts, { trustedBy }: TlsContext): TlsCheck {
  if (chainProblem) {
    const reason = VERIFY_REASONS[chainProblem]?.reason ?? chainProblem;
    return { result: 'failed', label: 'Not trusted', detail: `The broker's certificate: ${reason} (${chainProblem}).` };
  }
  const anchor = chain.at(-1)?.subject ?? 'an unknown certificate';
  return { result: 'passed', label: 'Trusted', detail: `The chain leads to ${anchor}, trusted by ${trustedBy}.` };
}

function nameCheck({ chain, nameProblem, servername }: TlsFacts): TlsCheck {
  const names = chain[0]?.names.join(', ') || 'no name';
  return nameProblem
    ? {
        result: 'failed',
        label: 'Wrong name',
        detail: `"${servername}" is not in the certificate, which has ${names}.`,
      }
    : { result: 'passed', label: 'Name matches', detail: `"${servername}" is in the certificate (${names}).` };
}

function dateCheck({ chain }: TlsFacts, { nowMs }: TlsContext): TlsCheck {
  const bad = chain.find(({ notBeforeMs, notAfterMs }) => nowMs < notBeforeMs || nowMs > notAfterMs);
  if (bad)
    return {
      result: 'failed',
      label: 'Out of date',
      detail: `${bad.subject} ${nowMs < bad.notBeforeMs ? 'is not valid yet' : 'has expired'}.`,
    };
  return { result: 'passed', label: 'In date', detail: 'Every certificate of the chain is valid now.' };
}

function clientCheck({ clientCertificate }: TlsContext): TlsCheck {
  return {
    result: 'info',
    label: 'Client certificate',
    detail: clientCertificate
      ? `${clientCertificate} was there for the broker, if it asked.`
      : 'None. A broker with mutual TLS refuses such a connection.',
  };
}
