// `secure-iot decode`: findings in a log, as text or as one JSON object a line.
import { once } from 'node:events';
import type { Finding } from '../core/decode/finding';
import { explanationLines, findingHeading, findingJson } from '../core/decode/report';
import { analyzeLog, openLog } from '../io/logAnalysis';
import { CliUsageError, parseOptions } from './arguments';
import { decodeOptions, decoderOptions } from './decodeOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, decodeOptions);
  if (positionals.length > 1) throw new CliUsageError('decode reads one file.');
  const options = decoderOptions(values);
  const file = positionals[0] ?? '-';
  const chunks = file === '-' ? process.stdin : (await openLog(file)).chunks;
  const seen = new Map<string, { finding: Finding; count: number; last: number }>();
  const out = new Output();
  await analyzeLog(out.paced(chunks), {
    ...options,
    onFinding: (finding) => {
      if (values.json) {
        out.write(JSON.stringify(findingJson(finding)));
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
  if (!values.json && seen.size === 0) process.stderr.write('No known error in this log.\n');
  await out.flush();
  return 0;
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
