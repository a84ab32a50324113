// The crashes of a log for its page: their calls as links into the source, where an ELF file and addr2line are found.
import type { LoggedCrash } from '../../core/decode/crashLog';
import { UserError } from '../../core/errors';

/** More crashes than this are counted, not resolved: each is a call of addr2line. */
const MOST = 20;

/** Markdown, empty where the log holds no crash with addresses. */
export async function crashSection(elf: string, crashes: readonly LoggedCrash[]): Promise<string> {
  if (crashes.length === 0) return '';
  const { escapeMarkdown } = await import('../../core/escapeMarkdown');
  const { frameLinks } = await import('./frameLinks');
  const { resolveCrash } = await import('../../io/decode/addressResolver');
  const parts: string[] = [];
  try {
    for (const { dump, count } of crashes.slice(0, MOST)) {
      const times = count > 1 ? `, ${count} times` : '';
      parts.push(`### Line ${dump.line}${times}\n\n${frameLinks(await resolveCrash(elf, dump))}`);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    parts.push(escapeMarkdown(error.message));
  }
  const more = crashes.length > MOST ? [`${crashes.length - MOST} more crashes are not shown.`] : [];
  const from = `Read from ${escapeMarkdown(elf)}. If the functions make no sense, the board ran another build.`;
  return `\n## Crashes\n\n${[...parts, ...more, from].join('\n\n')}\n`;
}
