// Hovers and links on error codes in any open file: only where the decoder finds one, never on a bare number.
import * as vscode from 'vscode';
import { type Finding, findingAt } from '../../core/decode/finding';
import { editLinks } from './editLinks';
import type { ProjectFirmware } from './projectFirmware';
import type { ProjectRepairs } from './projectRepairs';

/** Longer documents are read from a little before the line that is hovered over, and get no links: those take it all. */
const MAX_READ_LINES = 20_000;
const CONTEXT_LINES = 24;
const LOG_LANGUAGES: readonly string[] = ['log', 'plaintext', 'output', 'Log'];

/** With what the document's project says about its firmware, as a banner in the text does not always. */
async function decodeLines(
  document: vscode.TextDocument,
  firmware: ProjectFirmware,
  from: number,
  to: number,
): Promise<Finding[]> {
  const { createDecoder } = await import('../../core/decode/decoder');
  const decoder = createDecoder(await firmware.options(document.uri.fsPath));
  const found: Finding[] = [];
  for (let line = from; line <= to; line += 1) found.push(...decoder.next(document.lineAt(line).text));
  found.push(...decoder.end());
  return found.map((finding) => findingAt(finding, { line: finding.line + from }));
}

function rangeOf(finding: Finding): vscode.Range {
  const line = finding.line - 1;
  return new vscode.Range(line, finding.column - 1, line, finding.column - 1 + finding.text.length);
}

export class CodeHovers implements vscode.HoverProvider {
  constructor(
    private readonly firmware: ProjectFirmware,
    private readonly repairs: ProjectRepairs,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const from = document.lineCount <= MAX_READ_LINES ? 0 : Math.max(0, position.line - CONTEXT_LINES);
    const findings = await decodeLines(document, this.firmware, from, position.line);
    const finding = findings.find((candidate) => rangeOf(candidate).contains(position));
    if (!finding) return undefined;
    const { explanationMarkdown } = await import('../../core/decode/explanationMarkdown');
    const edits = editLinks(await this.repairs.titles(finding));
    const commands = new Set<string>(edits.size > 0 ? ['secureIot.applyErrorFix'] : []);
    const text = explanationMarkdown(finding, {
      level: 3,
      sources: false,
      edits,
      fixLink: (command) => {
        commands.add(command);
        return `command:${command}`;
      },
    });
    const markdown = new vscode.MarkdownString(text);
    markdown.isTrusted = { enabledCommands: [...commands] };
    return new vscode.Hover(markdown, rangeOf(finding));
  }
}

class CodeLink extends vscode.DocumentLink {
  constructor(readonly finding: Finding) {
    super(rangeOf(finding));
  }
}

/** In logs every finding is a link; in source files only an error number in Mbed TLS' own notation. */
export class CodeLinks implements vscode.DocumentLinkProvider<CodeLink> {
  constructor(private readonly firmware: ProjectFirmware) {}

  async provideDocumentLinks(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<CodeLink[]> {
    if (document.lineCount > MAX_READ_LINES) return [];
    const log = LOG_LANGUAGES.includes(document.languageId) || document.fileName.endsWith('.log');
    const findings = await decodeLines(document, this.firmware, 0, document.lineCount - 1);
    if (token.isCancellationRequested) return [];
    return findings.filter(({ text }) => log || /^-0x[0-9a-f]{4}$/i.test(text)).map((finding) => new CodeLink(finding));
  }

  /** Only when the mouse is on it: a long log has thousands of findings, and each explanation has its price. */
  resolveDocumentLink(link: CodeLink): CodeLink {
    const options = encodeURIComponent(JSON.stringify([{ finding: link.finding }]));
    link.target = vscode.Uri.parse(`command:secureIot.explainErrorCode?${options}`);
    link.tooltip = link.finding.explanation.title;
    return link;
  }
}
