// Show Chip Information…: what the chip is and how it is locked, as a page.
import { type ChipInfo, chipRows } from '../../core/firmware/chipInfo';
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
  const { result } = await withBoardPort(dependencies, board, 'reading the chip on', (port, work) => {
    work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
    return withLoader(port, { ...work, baudRate: BAUD }, async ({ info }) => info);
  });
  await pages.show(`Chip on ${board.address}`, page(board.address, result));
  return result;
}

function page(address: string, info: ChipInfo): string {
  const rows = chipRows(info).map(([label, value]) => `| ${label} | ${value.replace(/\|/g, '\\|')} |`);
  const summary = securitySummary(info.chip.name, info.security).join('\n\n');
  return [
    `# ${info.chip.name} on ${address}`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    '## What that means',
    summary,
    '',
  ].join('\n\n');
}
