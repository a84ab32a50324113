// The readable page about a code: a virtual Markdown document (`secure-iot-explain:`), shown as a preview.
import type { Finding } from '../../core/decode/finding';
import { MarkdownPages } from '../markdownPages';

export const EXPLAIN_SCHEME = 'secure-iot-explain';

export class ExplainDocuments extends MarkdownPages {
  constructor() {
    super(EXPLAIN_SCHEME, 'Ask for the explanation again.');
  }
}

export async function findingsPage(findings: readonly Finding[]): Promise<string> {
  const { explanationMarkdown } = await import('../../core/decode/explanationMarkdown');
  return findings.map((finding) => explanationMarkdown(finding)).join('\n---\n\n');
}
