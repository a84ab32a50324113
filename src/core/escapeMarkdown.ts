// Text of others in a Markdown page: what a board printed, a name in a certificate.

/** A list, a rule or a heading, which these characters make at the beginning only. */
const BLOCK = /^(\s*)(?=[-+](?:\s|$)|-{2,}\s*$|=+\s*$)/;
const NUMBERED = /^(\s*\d+)(?=[.)](?:\s|$))/;

/** On one line, and no markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&')
    .replace(BLOCK, '$1\\')
    .replace(NUMBERED, '$1\\');
}
