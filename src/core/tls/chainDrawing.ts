// A certificate chain as a drawing of lines: who signed whom, from the top down, and where it hangs in the air.

import type { Certificate } from '../x509/certificate';
import { keyText } from '../x509/keyText';
import type { ProbeReport } from './probeReport';

/** One line for each certificate, the leaf last; the first says what holds the chain, when it was not sent itself. */
export function drawChain({ chain, trust }: ProbeReport): string[] {
  const fromTop = [...chain].reverse();
  const [top] = fromTop;
  if (!top) return ['(the broker sends no certificate)'];
  const lines: string[] = [];
  if (!isSelfSigned(top)) {
    const holder = trust.chainProblem === '' ? 'trusted here, not sent' : 'not sent, and not trusted here';
    lines.push(`${top.issuer.text}  [${holder}]`);
  }
  let depth = lines.length;
  fromTop.forEach((certificate, index) => {
    const above = fromTop[index - 1];
    const hangs = above !== undefined && above.subject.text !== certificate.issuer.text;
    const joint = depth === 0 ? '' : `${'   '.repeat(depth - 1)}${hangs ? '?─ ' : '└─ '}`;
    lines.push(`${joint}${certificate.subject.text}  [${about(certificate, index === fromTop.length - 1)}]`);
    if (hangs) lines.push(`${'   '.repeat(depth)}(issued by ${certificate.issuer.text}, which is not the one above)`);
    depth++;
  });
  return lines;
}

function about(certificate: Certificate, last: boolean): string {
  const key = keyText(certificate.publicKey);
  const place = last ? 'broker' : isSelfSigned(certificate) ? 'root' : 'intermediate';
  return `${place}, ${key}, until ${new Date(certificate.notAfter).toISOString().slice(0, 10)}`;
}

function isSelfSigned({ subject, issuer }: Certificate): boolean {
  return subject.text === issuer.text;
}
