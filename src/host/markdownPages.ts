// Virtual Markdown documents, shown as previews: reports and explanations that belong to no file.
import * as vscode from 'vscode';
import { showMarkdown } from './showMarkdown';

/** A preview may ask for its text again at any time, so the latest pages are kept. */
const MAX_PAGES = 50;

export class MarkdownPages implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  /** `again`: how to get a page back that is gone, as after a restart. */
  constructor(
    private readonly scheme: string,
    private readonly again: string,
  ) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString()) ?? `This page is gone. ${this.again}\n`;
  }

  /** Shows `markdown` under a tab titled `title`. */
  async show(title: string, markdown: string): Promise<void> {
    const path = `/${title.replace(/[^\w.\- ]+/g, '_') || 'page'}.md`;
    const uri = vscode.Uri.from({ scheme: this.scheme, path });
    this.pages.delete(uri.toString());
    this.pages.set(uri.toString(), markdown);
    const oldest = this.pages.keys().next().value;
    if (this.pages.size > MAX_PAGES && oldest !== undefined) this.pages.delete(oldest);
    this.changed.fire(uri);
    await showMarkdown(uri);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
