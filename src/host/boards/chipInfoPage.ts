// Show Chip Information…: what the chip is and how it is locked, as a page.
import { UserError } from '../../core/errors';
import { type ChipInfo, chipRows } from '../../core/firmware/chipInfo';
import type { EfuseRow } from '../../core/firmware/efuses/efuseRows';
import { efuseMarkdown } from '../../core/firmware/efuses/efuseSummary';
import { securitySummary } from '../../core/firmware/securitySummary';
import type { MarkdownPages } from '../markdownPages';
import { pickBoard } from './pickBoard';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

/** Little is read: raising the baud rate would take longer. */
const BAUD = 115_200;

export async function showChipInfo(
  dependencies: BoardDependencies,
  pages: MarkdownPages,
  address?: string,
): Promise<ChipInfo> {
  const board = await pickBoard(dependencies.memory, 'Show Chip Information', address);
  const { withLoader } = await import('../../io/flash/espSession');
  const { readEfuses } = await import('../../io/flash/espEfuses');
  const { result } = await withBoardPort(dependencies, board, 'reading the chip on', (port, work) => {
    work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
    return withLoader(port, { ...work, baudRate: BAUD }, async (session) => ({
      info: session.info,
      efuses: await readEfuses(session).catch(orWhyNot),
    }));
  });
  const { info, efuses } = result;
  await pages.show(`Chip on ${board.address}`, page(board.address, info, efuses));
  return info;
}

/** The rest of the page is worth showing without them. */
function orWhyNot(error: unknown): string {
  if (error instanceof UserError && error.code === 'efuses-unreadable') return error.message;
  throw error;
}

function page(address: string, info: ChipInfo, efuses: readonly EfuseRow[] | string): string {
  const rows = chipRows(info).map(([label, value]) => `| ${label} | ${value.replace(/\|/g, '\\|')} |`);
  const summary = securitySummary(info.chip.name, info.security).join('\n\n');
  return [
    `# ${info.chip.name} on ${address}`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    '## What that means',
    summary,
    typeof efuses === 'string' ? efuses : efuseMarkdown(efuses),
    '',
  ].join('\n\n');
}
