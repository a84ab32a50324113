// ESP-IDF's partition table as CSV (Name, Type, SubType, Offset, Size, Flags): read with its defaults, and written.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-guides/partition-tables.html#creating-custom-tables
import { UserError } from '../errors';
import { hex } from './flashFile';
import { alignedOffset, checkPartitions, TABLE_SECTOR } from './partitionChecks';
import { PARTITION_TYPES, partitionSubtype, partitionSubtypeNames } from './partitionNames';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPE_APP, type Partition, partitionKind } from './partitionTable';

const MAX_LABEL = 16;
const DATA_UNDEFINED = 0x06;

export interface PartitionCsv {
  readonly partitions: readonly Partition[];
  /** The line of each partition, from 0. */
  readonly lines: readonly number[];
  /** Lines that are no partition, and why: a sentence without its capital letter. */
  readonly wrong: readonly { readonly line: number; readonly text: string }[];
}

/** Whether a CSV is one of these, or another list. */
export function looksLikePartitionCsv(text: string): boolean {
  return /^[ \t]*[^#,\r\n]+,[ \t]*(app|data|bootloader|partition_table|0x[0-9a-f]+|\d+)[ \t]*,/im.test(text);
}

/**
 * Partitions in the order of the CSV, with missing offsets filled in behind the table at `tableOffset`. Throws UserError
 * with the line's number; the whole table is checked.
 */
export function parsePartitionCsv(text: string, tableOffset = PARTITION_TABLE_OFFSET): readonly Partition[] {
  const { partitions, wrong } = readPartitionCsv(text, tableOffset);
  const [first] = wrong;
  if (first) throw new UserError('partition-csv', `Line ${first.line + 1} of the partition table: ${first.text}`);
  checkPartitions(partitions, tableOffset);
  return partitions;
}

/** The same, past lines that are wrong, and without checking the table. */
export function readPartitionCsv(text: string, tableOffset = PARTITION_TABLE_OFFSET): PartitionCsv {
  const partitions: Partition[] = [];
  const lines: number[] = [];
  const wrong: { line: number; text: string }[] = [];
  let end = tableOffset + TABLE_SECTOR;
  text.split(/\r?\n/).forEach((source, line) => {
    const trimmed = source.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const partition = parseLine(trimmed, end);
    if (typeof partition === 'string') {
      wrong.push({ line, text: partition });
      return;
    }
    partitions.push(partition);
    lines.push(line);
    end = partition.offset + partition.size;
  });
  return { partitions, lines, wrong };
}

/** Or what is wrong with it. */
function parseLine(line: string, end: number): Partition | string {
  const [label = '', typeText = '', subtypeText = '', offsetText = '', sizeText = '', flagsText = ''] = line
    .split(',')
    .map((field) => field.trim());
  if (label === '') return 'the name is missing.';
  if (new TextEncoder().encode(label).length > MAX_LABEL) return `the name "${label}" is longer than 16 bytes.`;
  if (typeText === '') return 'the type is missing: app or data.';
  const type = PARTITION_TYPES[typeText] ?? parseSize(typeText);
  if (type === undefined)
    return `there is no type "${typeText}": use ${Object.keys(PARTITION_TYPES).join(', ')}, or a number such as 0x40.`;
  if (subtypeText === '' && type === PARTITION_TYPE_APP) return 'an app needs a subtype, such as factory or ota_0.';
  const subtype = subtypeText === '' ? DATA_UNDEFINED : (partitionSubtype(type, subtypeText) ?? parseSize(subtypeText));
  if (subtype === undefined) {
    const names = partitionSubtypeNames(type);
    return `there is no ${typeText} subtype "${subtypeText}": use ${names ? `${names}, or ` : ''}a number such as 0x40.`;
  }
  if (type < 0 || type > 0xfe || subtype < 0 || subtype > 0xfe) return 'types and subtypes go from 0 to 0xfe.';
  const offset = offsetText === '' ? alignedOffset(type, end) : parseSize(offsetText);
  if (offset === undefined) return notANumber('offset', offsetText);
  if (sizeText === '') return 'the size is missing.';
  const asked = parseSize(sizeText);
  if (asked === undefined) return notANumber('size', sizeText);
  const size = asked < 0 ? -asked - offset : asked; // a negative size says where the partition ends
  if (size <= 0) return `the size is ${size}.`;
  const flags = flagsText.split(':').filter((flag) => flag !== '');
  const unknown = flags.find((flag) => flag !== 'encrypted' && flag !== 'readonly');
  if (unknown !== undefined) return `there is no flag "${unknown}"; there are encrypted and readonly.`;
  return {
    label,
    type,
    subtype,
    offset,
    size,
    encrypted: flags.includes('encrypted'),
    readOnly: flags.includes('readonly'),
  };
}

function notANumber(what: string, text: string): string {
  return `the ${what} "${text}" is not a number such as 0x10000, 64K or 1M.`;
}

/** `0x1000`, `4096`, `64K`, `1M`, `-2M`; undefined for anything else. */
function parseSize(text: string): number | undefined {
  const match = /^(-?)(0x[0-9a-f]+|\d+)([km]?)$/i.exec(text);
  if (!match) return undefined;
  const unit = { '': 1, k: 1024, m: 1024 * 1024 }[(match[3] ?? '').toLowerCase()] ?? 1;
  return Number(match[2]) * unit * (match[1] === '-' ? -1 : 1);
}

/** As gen_esp32part.py writes it. */
export function formatPartitionCsv(partitions: readonly Partition[]): string {
  const rows = partitions.map((partition) => {
    const { label, offset, size, encrypted, readOnly } = partition;
    const { type, subtype } = partitionKind(partition);
    const flags = [encrypted ? 'encrypted' : '', readOnly ? 'readonly' : ''].filter((flag) => flag !== '').join(':');
    return [label, type, subtype, hex(offset), roundSize(size), flags].join(',');
  });
  return `${['# ESP-IDF Partition Table', '# Name, Type, SubType, Offset, Size, Flags', ...rows].join('\n')}\n`;
}

function roundSize(size: number): string {
  if (size % 0x100000 === 0) return `${size / 0x100000}M`;
  return size % 0x400 === 0 ? `${size / 0x400}K` : hex(size);
}
