// `secure-iot certs inspect FILE…`: what is in a certificate file, and what a board would mind about it.
import { certificateFacts, type InspectedCertificate } from '../core/pki/certificatePage';
import { certificateRemarks } from '../core/pki/certificateRemarks';
import { inspectFile } from '../io/inspectFile';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    json: { type: 'boolean' },
    dir: { type: 'string' },
  } as const);
  if (positionals.length === 0) throw new CliUsageError('which file?');
  const nowMs = Date.now();
  const shown: { file: string; facts: Record<string, string>; remarks: string[] }[] = [];
  for (const file of positionals) {
    for (const one of await inspectFile(file)) {
      const facts = Object.fromEntries(certificateFacts(one));
      shown.push({ file, facts, remarks: certificateRemarks(one.certificate, nowMs) });
      if (!values.json) process.stdout.write(describe(file, one, nowMs));
    }
  }
  if (values.json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  return 0;
}

function describe(file: string, one: InspectedCertificate, nowMs: number): string {
  const lines = certificateFacts(one).map(([label, value]) => `  ${`${label}:`.padEnd(18)}${printable(value)}`);
  const remarks = certificateRemarks(one.certificate, nowMs).map((remark) => `  ! ${printable(remark)}`);
  return `${[file, ...lines, ...remarks].join('\n')}\n`;
}

/** A name in a certificate is somebody else's text: no escape sequences to the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}]/gu, '\uFFFD');
}
