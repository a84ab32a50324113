// A mosquitto log in one look: what was wrong, how often, and what to do, as a page.
import { explainMosquittoLine, type LineExplanation } from './mosquittoLog';

interface Group extends LineExplanation {
  readonly firstLine: number;
  readonly example: string;
  lastLine: number;
  count: number;
}

const MAX_EXAMPLE = 300;

/** Feed it line by line; it keeps one example of each kind. */
export class BrokerLogSummary {
  private readonly groups = new Map<string, Group>();
  lines = 0;

  /** `line` counts from 1; a line may come in pieces. */
  push(text: string, line: number): void {
    this.lines = line;
    const found = explainMosquittoLine(text);
    if (!found) return;
    const group = this.groups.get(found.reason);
    if (group) {
      group.count++;
      group.lastLine = this.lines;
      return;
    }
    const at = { firstLine: this.lines, lastLine: this.lines, count: 1, example: text.slice(0, MAX_EXAMPLE) };
    this.groups.set(found.reason, { ...found, ...at });
  }

  get kinds(): number {
    return this.groups.size;
  }

  markdown(name: string): string {
    const groups = [...this.groups.values()].sort((a, b) => b.count - a.count);
    const head = [
      `# ${escaped(name)}`,
      '',
      `${this.lines} lines, ${groups.length} kinds of trouble with TLS or access.`,
    ];
    if (groups.length === 0) {
      return `${[...head, '', 'No line about TLS or access that is known. mosquitto logs more with `log_type all`.'].join('\n')}\n`;
    }
    const sections = groups.flatMap(({ reason, advice, count, firstLine, lastLine, example }) => [
      '',
      `## ${count} × ${escaped(reason)}`,
      '',
      `**What to do:** ${escaped(advice)}`,
      '',
      `First in line ${firstLine}, last in line ${lastLine}:`,
      '',
      `    ${plain(example)}`,
    ]);
    return `${[...head, ...sections].join('\n')}\n`;
  }
}

/** A client picks its own id, which is in the log. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

function escaped(text: string): string {
  return plain(text).replace(/[\\|<>`*_[\]#]/g, '\\$&');
}
