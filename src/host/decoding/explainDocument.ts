// The readable page about a code: a virtual Markdown document (`secure-iot-explain:`), shown as a preview.
import * as vscode from 'vscode';
import type { Finding } from '../../core/decode/finding';

export const EXPLAIN_SCHEME = 'secure-iot-explain';

/** A preview may ask for its text again at any time, so the latest pages are kept. */
const MAX_PAGES = 50;

export class ExplainDocuments implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString()) ?? 'This page is gone. Ask for the explanation again.\n';
  }

  /** Shows `markdown` under a tab titled `title`. */
  async show(title: string, markdown: string): Promise<void> {
    const path = `/${title.replace(/[^\w.\- ]+/g, '_') || 'explanation'}.md`;
    const uri = vscode.Uri.from({ scheme: EXPLAIN_SCHEME, path });
    this.pages.delete(uri.toString());
    this.pages.set(uri.toString(), markdown);
    const oldest = this.pages.keys().next().value;
    if (this.pages.size > MAX_PAGES && oldest !== undefined) this.pages.delete(oldest);
    this.changed.fire(uri);
    await openPage(uri);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

export async function findingsPage(findings: readonly Finding[]): Promise<string> {
  const { explanationMarkdown } = await import('../../core/decode/explanationMarkdown');
  return findings.map((finding) => explanationMarkdown(finding)).join('\n---\n\n');
}

async function openPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // The built-in Markdown extension is switched off: the text itself is readable too.
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }
}
