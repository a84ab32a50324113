// A board's partition table as a page: what lies where, how much is free, and what is wrong with it.
import { hex } from './flashFile';
import { partitionProblems, TABLE_SECTOR } from './partitionChecks';
import { formatPartitionCsv } from './partitionCsv';
import { PARTITION_TABLE_OFFSET, type Partition, partitionKind } from './partitionTable';
import { kilobytes, megabytes } from './sizeText';

const BAR = 32;

/** Markdown. `flashBytes` is undefined where the flash did not tell its size. */
export function partitionPage(
  title: string,
  partitions: readonly Partition[],
  flashBytes: number | undefined,
  tableOffset = PARTITION_TABLE_OFFSET,
): string {
  const problems = partitionProblems(partitions, flashBytes, tableOffset).map(({ text }) => `- ⚠ ${escaped(text)}`);
  const sorted = [...partitions].sort((a, b) => a.offset - b.offset);
  const rows = sorted.map((partition) => {
    const { label, offset, size, encrypted, readOnly } = partition;
    const { type, subtype } = partitionKind(partition);
    const flags = [encrypted ? 'encrypted' : '', readOnly ? 'read-only' : ''].filter((flag) => flag !== '').join(', ');
    const share = flashBytes === undefined ? '' : ` ${bar(offset, size, flashBytes)} |`;
    return `| **${escaped(label)}** | ${type} | ${subtype} | \`${hex(offset)}\` | \`${hex(offset + size - 1)}\` | ${kilobytes(size)} | ${flags} |${share}`;
  });
  const inFlash = flashBytes === undefined ? '' : ` In ${megabytes(flashBytes)} of flash |`;
  return [
    `# ${escaped(title)}`,
    ...(problems.length > 0 ? ['## Problems', problems.join('\n')] : []),
    [
      `| Name | Type | Subtype | From | To | Size | Flags |${inFlash}`,
      `| --- | --- | --- | --- | --- | ---: | --- |${flashBytes === undefined ? '' : ' --- |'}`,
      ...rows,
    ].join('\n'),
    freeText(sorted, flashBytes, tableOffset + TABLE_SECTOR),
    '## As CSV',
    'For `partitions.csv` of ESP-IDF, PlatformIO or the Arduino IDE:',
    `\`\`\`csv\n${formatPartitionCsv(partitions)}\`\`\`\n`,
  ].join('\n\n');
}

/** Where the partition lies: at least one mark, however small it is. */
function bar(offset: number, size: number, flashBytes: number): string {
  const at = Math.min(BAR - 1, Math.floor((offset / flashBytes) * BAR));
  const end = Math.min(BAR, Math.max(at + 1, Math.ceil(((offset + size) / flashBytes) * BAR)));
  return `\`${'·'.repeat(at)}${'█'.repeat(end - at)}${'·'.repeat(BAR - end)}\``;
}

function freeText(sorted: readonly Partition[], flashBytes: number | undefined, tableEnd: number): string {
  if (flashBytes === undefined) return 'The size of the flash is not known, so what is free is not either.';
  const gaps: { readonly from: number; readonly size: number }[] = [];
  let end = tableEnd;
  for (const { offset, size } of sorted) {
    if (offset > end) gaps.push({ from: end, size: offset - end });
    end = Math.max(end, offset + size);
  }
  if (flashBytes > end) gaps.push({ from: end, size: flashBytes - end });
  if (gaps.length === 0) return 'Every byte of the flash belongs to a partition.';
  const places = gaps.map(({ from, size }) => `${kilobytes(size)} at \`${hex(from)}\``).join(', ');
  return `In no partition: ${places}.`;
}

/** Labels come from the board's flash: whatever they hold is shown, not interpreted. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#|]/g, '\\$&').replace(/[\p{Cc}\r\n]/gu, '·');
}
