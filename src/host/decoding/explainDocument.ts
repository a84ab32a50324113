// The readable page about a code: a virtual Markdown document (`secure-iot-explain:`), shown as a preview.
import type { Finding, Fix } from '../../core/decode/finding';
import { MarkdownPages } from '../markdownPages';

export const EXPLAIN_SCHEME = 'secure-iot-explain';

export class ExplainDocuments extends MarkdownPages {
  constructor() {
    super(EXPLAIN_SCHEME, 'Ask for the explanation again.');
  }
}

/** `edits`: what fixes change in the project at hand. */
export async function findingsPage(
  findings: readonly Finding[],
  edits: ReadonlyMap<Fix, string> = new Map(),
): Promise<string> {
  const { explanationMarkdown } = await import('../../core/decode/explanationMarkdown');
  const named = new Map([...edits].map(([fix, title]) => [fix, { title }]));
  return findings.map((finding) => explanationMarkdown(finding, { edits: named })).join('\n---\n\n');
}
