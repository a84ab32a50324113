// Links in a serial monitor's terminal: a code or a name explains itself, "Diagnose Connection" diagnoses.
import type * as vscode from 'vscode';
import type { Finding } from '../../core/decode/finding';
import { DIAGNOSE, EXPLAIN } from '../../core/monitor/hints';
import { runCommand } from '../commands';
import type { SerialMonitor } from './serialMonitor';

interface ErrorLink extends vscode.TerminalLink {
  readonly board: string;
  readonly finding: Finding;
  readonly diagnose: boolean;
}

export class MonitorLinks implements vscode.TerminalLinkProvider<ErrorLink> {
  constructor(private readonly monitorOf: (terminal: vscode.Terminal) => SerialMonitor | undefined) {}

  provideTerminalLinks({ line, terminal }: vscode.TerminalLinkContext): ErrorLink[] {
    const monitor = this.monitorOf(terminal);
    if (!monitor) return [];
    const board = monitor.address;
    const links: ErrorLink[] = [];
    for (const { start, length, finding } of monitor.knownIn(line)) {
      const overlaps = links.some((link) => start < link.startIndex + link.length && link.startIndex < start + length);
      if (overlaps) continue;
      links.push({ startIndex: start, length, tooltip: `Explain ${finding.code}`, board, finding, diagnose: false });
    }
    const [first] = links;
    const action = / → (Diagnose Connection|Explain)$/.exec(line.trimEnd());
    if (first && action?.[1]) {
      links.push({
        startIndex: action.index + ' → '.length,
        length: action[1].length,
        tooltip: action[1] === DIAGNOSE ? 'Find out why this connection fails' : EXPLAIN,
        board,
        finding: first.finding,
        diagnose: action[1] === DIAGNOSE,
      });
    }
    return links;
  }

  async handleTerminalLink({ board, finding, diagnose }: ErrorLink): Promise<void> {
    if (diagnose) await runCommand('secureIot.diagnoseConnection', { board, finding });
    else await runCommand('secureIot.explainErrorCode', { finding });
  }
}
