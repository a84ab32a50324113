// Text as HTML shows it, in elements and in quoted attributes.

/** Control characters, which HTML forbids, become U+FFFD; line breaks and tabs stay. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character).replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}
