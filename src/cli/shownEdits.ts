// Edits as text: the lines that go and the lines that come, with file and line.
import type { SourceFile } from '../core/diagnose/sourceSymbols';
import type { FileEdit } from '../core/diagnose/verdict';

/** One entry an edit. `secrets` are files whose new text is not shown. */
export function shownEdits(
  files: readonly SourceFile[],
  edits: readonly FileEdit[],
  secrets: readonly string[] = [],
): string {
  return edits.map((edit) => shown(files.find(({ path }) => path === edit.file)?.text ?? '', edit, secrets)).join('');
}

function shown(text: string, { file, start, end, newText }: FileEdit, secrets: readonly string[]): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const breaks = start === end && (newText.startsWith('\n') || newText.startsWith('\r\n'));
  const added = breaks || (start === end && newText.endsWith('\n') && start === from);
  const line = text.slice(0, start).split('\n').length + (breaks ? 1 : 0);
  const head = `${file}:${line}\n`;
  if (secrets.includes(file)) return `${head}+ (the private key)\n`;
  if (added) return `${head}${marked('+', newText.replace(/^\r?\n/, ''))}`;
  // Whole lines: a number alone says little.
  const stop = text.indexOf('\n', end);
  const to = stop < 0 ? text.length : stop;
  const now = text.slice(from, start) + newText + text.slice(end, to);
  return `${head}${marked('-', text.slice(from, to))}${marked('+', now)}`;
}

function marked(mark: string, text: string): string {
  const lines = text.split(/\r?\n/).filter((line, i, all) => line !== '' || i < all.length - 1);
  return lines.map((line) => `${mark} ${line}\n`).join('');
}
