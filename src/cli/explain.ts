// `secure-iot explain CODE`: what one code means.
import { explainCode } from '../core/decode/explainCode';
import { explanationLines, findingHeading, findingJson } from '../core/decode/report';
import { UserError } from '../core/errors';
import { CliUsageError, parseOptions } from './arguments';
import { editOptions, ProposedEdits } from './decodeEdits';
import { decodeOptions, decoderOptions } from './decodeOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(protectNegative(args), { ...decodeOptions, ...editOptions });
  const edits = ProposedEdits.of(values);
  if (positionals.length === 0) throw new CliUsageError('explain needs a code, for example -0x2700.');
  const code = positionals.join(' ');
  const findings = explainCode(code, await decoderOptions(values));
  if (findings.length === 0) {
    throw new UserError(
      'unknown-code',
      `"${code}" is no code that Secure IoT knows. Give it as the board prints it, with the words around it: secure-iot explain "start_ssl_client: -1"`,
    );
  }
  for (const finding of findings) {
    // Of several readings it is not known which one the board meant: then no edit is offered.
    if (findings.length === 1) edits?.take(finding);
    if (values.json) {
      process.stdout.write(`${JSON.stringify(findingJson(finding))}\n`);
      continue;
    }
    process.stdout.write(`${findingHeading(finding)}\n`);
    for (const line of explanationLines(finding)) process.stdout.write(`    ${line}\n`);
    for (const source of finding.explanation.sources) process.stdout.write(`    Source: ${source}\n`);
  }
  if (edits) process.stdout.write(await edits.end());
  return 0;
}

/** `explain -0x2700` is a code, not an option: everything that starts with a dash and a digit is moved behind `--`. */
function protectNegative(args: readonly string[]): string[] {
  const isCode = (arg: string) => /^-\d/.test(arg);
  if (args.includes('--') || !args.some(isCode)) return [...args];
  return [...args.filter((arg) => !isCode(arg)), '--', ...args.filter(isCode)];
}
