// Text of others in a Markdown page.

/** A name in a certificate is somebody else's text: it must not become markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
