// A certificate as a readable page: Markdown for an editor, the same facts as plain lines for a terminal.
import type { Certificate } from '../x509/certificate';
import { certificateRemarks } from './certificateRemarks';

export interface InspectedCertificate {
  readonly certificate: Certificate;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
}

/** Label and value pairs, in the order a reader asks. */
export function certificateFacts({ certificate, fingerprint }: InspectedCertificate): [label: string, value: string][] {
  const { publicKey, keyUsage, extendedKeyUsage, subjectAltNames, basicConstraints } = certificate;
  const date = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  const key = publicKey.curve ?? `${publicKey.bits} bits`;
  const facts: [string, string | undefined][] = [
    ['Subject', certificate.subject.text],
    ['Issuer', certificate.issuer.text === certificate.subject.text ? 'itself' : certificate.issuer.text],
    ['Valid', `${date(certificate.notBefore)} to ${date(certificate.notAfter)}`],
    ['Names', subjectAltNames?.map(({ type, value }) => `${type}:${value}`).join(', ')],
    ['Authority', authorityText(basicConstraints)],
    ['Key usage', keyUsage?.join(', ')],
    ['Purpose', extendedKeyUsage?.join(', ')],
    ['Key', `${publicKey.algorithm.toUpperCase()}, ${key}`],
    ['Signature', certificate.signatureAlgorithm.name],
    ['Serial', certificate.serial],
    ['SHA-256', fingerprint],
    ['Subject key id', certificate.subjectKeyId],
    ['Authority key id', certificate.authorityKeyId],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

export function certificatePage(title: string, chain: readonly InspectedCertificate[], nowMs: number): string {
  const drawn = chain.map(
    ({ certificate }, i) => `${'   '.repeat(i)}${i > 0 ? '└─ ' : ''}${name(certificate).replace(/[`\r\n]/g, ' ')}`,
  );
  const sections = chain.map((one) => {
    const facts = certificateFacts(one).map(([label, value]) => `| ${label} | ${escapeMarkdown(value)} |`);
    const remarks = certificateRemarks(one.certificate, nowMs).map((remark) => `- ⚠ ${escapeMarkdown(remark)}`);
    const head = `## ${escapeMarkdown(name(one.certificate))}`;
    return [head, '', ...remarks, '', '| | |', '| --- | --- |', ...facts].join('\n');
  });
  const path = chain.length > 1 ? `\`\`\`text\n${drawn.join('\n')}\n\`\`\`\n\n` : '';
  return `# ${escapeMarkdown(title)}\n\n${path}${sections.join('\n\n')}\n`;
}

function authorityText(constraints: Certificate['basicConstraints']): string | undefined {
  if (!constraints) return undefined;
  if (!constraints.ca) return 'no';
  return constraints.pathLength === undefined ? 'yes' : `yes, with at most ${constraints.pathLength} below it`;
}

function name({ subject }: Certificate): string {
  return subject.commonName ?? subject.text;
}

/** A name in a certificate is somebody else's text: it must not become markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
