// File edits -> new texts. The host applies the same edits through VS Code; this is for the command line and for tests.
import type { SourceFile } from './sourceSymbols';
import type { FileEdit } from './verdict';

/** The files that change, with their new text. Edits of one file must not overlap. */
export function applyEdits(files: readonly SourceFile[], edits: readonly FileEdit[]): SourceFile[] {
  return [...new Set(edits.map(({ file }) => file))].map((path) => {
    const old = files.find((file) => file.path === path)?.text ?? '';
    const own = edits.filter(({ file }) => file === path);
    // Later places first, so that earlier offsets stay right; of two at one place the first given comes first.
    const text = own
      .map((edit, order) => ({ edit, order }))
      .sort((a, b) => b.edit.start - a.edit.start || b.order - a.order)
      .reduce((result, { edit }) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end), old);
    return { path, text };
  });
}
