// `secure-iot decode`: findings in a log, as text or as one JSON object a line.
import { once } from 'node:events';
import { frameText } from '../core/decode/backtrace';
import { CrashLog } from '../core/decode/crashLog';
import type { Finding } from '../core/decode/finding';
import { explanationLines, findingHeading, findingJson, findingSummary } from '../core/decode/report';
import { UserError } from '../core/errors';
import { WRONG_BAUD } from '../core/serial/wrongBaud';
import { resolveCrash } from '../io/decode/addressResolver';
import { analyzeLog, openLog } from '../io/decode/logAnalysis';
import { CliUsageError, parseOptions } from './arguments';
import { editOptions, ProposedEdits } from './decodeEdits';
import { decodeOptions, decoderOptions } from './decodeOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...decodeOptions,
    ...editOptions,
    elf: { type: 'string' },
    problems: { type: 'boolean' },
  });
  if (positionals.length > 1) throw new CliUsageError('decode reads one file.');
  if (values.json && values.problems) throw new CliUsageError('Say --json or --problems, not both.');
  const edits = ProposedEdits.of(values);
  if (edits && (values.json || values.problems)) throw new CliUsageError('Say --edits without --json and --problems.');
  const options = await decoderOptions(values);
  const file = positionals[0] ?? '-';
  const chunks = file === '-' ? process.stdin : (await openLog(file)).chunks;
  const seen = new Map<string, { finding: Finding; count: number; last: number }>();
  const out = new Output();
  const crashes = new CrashLog();
  await analyzeLog(out.paced(chunks), {
    ...options,
    ...(values.elf === undefined ? {} : { onLine: (line: string) => crashes.take(line) }),
    onWrongBaud: (number) => process.stderr.write(`line ${number}: ${WRONG_BAUD}\n`),
    onFinding: (finding) => {
      edits?.take(finding);
      if (values.json) {
        out.write(JSON.stringify(findingJson(finding)));
        return;
      }
      if (values.problems) {
        out.write(`${file}:${finding.line}:${finding.column}: error: ${findingSummary(finding)}`);
        return;
      }
      const key = `${finding.family} ${finding.code} ${finding.name}`;
      const known = seen.get(key);
      if (known) {
        known.count += 1;
        known.last = finding.line;
        return;
      }
      seen.set(key, { finding, count: 1, last: finding.line });
      out.write(`${finding.line}:${finding.column}: ${findingHeading(finding)}`);
      for (const line of explanationLines(finding)) out.write(`    ${line}`);
    },
  });
  for (const { finding, count, last } of seen.values()) {
    if (count > 1) out.write(`${findingHeading(finding)}: ${count} times, lines ${finding.line} to ${last}`);
  }
  const resolved = values.elf === undefined || (await writeCrashes(values.elf, crashes, out, values.json === true));
  if (edits) out.write((await edits.end()).trimEnd());
  if (!values.json && !values.problems && seen.size === 0) process.stderr.write('No known error in this log.\n');
  await out.flush();
  return resolved ? 0 : 1;
}

/** The source lines of the log's crashes, each kind once. False where they cannot be had: the findings stand without. */
async function writeCrashes(elf: string, crashes: CrashLog, out: Output, json: boolean): Promise<boolean> {
  for (const { dump, count } of crashes.end()) {
    const frames = await resolveCrash(elf, dump).catch((error) => {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`${error.message}\n`);
    });
    if (!frames) return false;
    if (json) out.write(JSON.stringify({ line: dump.line, count, frames }));
    else for (const frame of frames) out.write(`${dump.line}: ${frameText(frame)}`);
    if (!json && count > 1) out.write(`${dump.line}: ${count} times`);
  }
  return true;
}

/** Gathers lines and writes them when the next chunk is asked for, waiting for a slow reader. */
class Output {
  private text = '';

  write(line: string): void {
    this.text += `${line}\n`;
  }

  async flush(): Promise<void> {
    const text = this.text;
    this.text = '';
    if (text && !process.stdout.write(text)) await once(process.stdout, 'drain');
  }

  async *paced(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      await this.flush();
    }
  }
}
