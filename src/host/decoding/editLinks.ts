// Edits of fixes as command links, for Markdown that may run commands.
import type { Fix } from '../../core/decode/finding';

export function editLinks(
  titles: ReadonlyMap<Fix, string>,
): ReadonlyMap<Fix, { readonly title: string; readonly link: string }> {
  return new Map(
    [...titles].map(([fix, title]) => {
      const options = encodeURIComponent(JSON.stringify([{ repairs: fix.repairs }]));
      return [fix, { title, link: `command:secureIot.applyErrorFix?${options.replace(/[()]/g, percent)}` }];
    }),
  );
}

/** Brackets would end the link; encodeURIComponent leaves them. */
const percent = (mark: string): string => `%${mark.charCodeAt(0).toString(16)}`;
