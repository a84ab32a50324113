// ESP-IDF's partition table as CSV (Name, Type, SubType, Offset, Size, Flags): read with its defaults, and written.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-guides/partition-tables.html#creating-custom-tables
import { UserError } from '../errors';
import { PARTITION_TYPES, partitionSubtype } from './partitionNames';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPE_APP, type Partition, partitionKind } from './partitionTable';

const TABLE_SECTOR = 0x1000;
const APP_ALIGNMENT = 0x10000;
const DATA_ALIGNMENT = 0x1000;
const MAX_LABEL = 16;
const DATA_UNDEFINED = 0x06;

/**
 * Partitions in the order of the CSV, with missing offsets filled in behind the table at `tableOffset`. Throws UserError
 * with the line's number; the whole table is checked.
 */
export function parsePartitionCsv(text: string, tableOffset = PARTITION_TABLE_OFFSET): Partition[] {
  const partitions: Partition[] = [];
  let end = tableOffset + TABLE_SECTOR;
  text.split(/\r?\n/).forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const partition = parseLine(trimmed, index + 1, end);
    partitions.push(partition);
    end = partition.offset + partition.size;
  });
  checkPartitions(partitions, tableOffset);
  return partitions;
}

function parseLine(line: string, number: number, end: number): Partition {
  const [label = '', typeText = '', subtypeText = '', offsetText = '', sizeText = '', flagsText = ''] = line
    .split(',')
    .map((field) => field.trim());
  const wrong = (what: string) => new UserError('partition-csv', `Line ${number} of the partition table: ${what}`);
  const numberOf = (text: string, what: string) => {
    const value = parseSize(text);
    if (value === undefined) throw wrong(`${what} "${text}" is not a number such as 0x10000, 64K or 1M.`);
    return value;
  };
  if (label === '') throw wrong('the name is missing.');
  if (new TextEncoder().encode(label).length > MAX_LABEL) throw wrong(`the name "${label}" is longer than 16 bytes.`);
  if (typeText === '') throw wrong('the type is missing: app or data.');
  const type = PARTITION_TYPES[typeText] ?? numberOf(typeText, 'the type');
  if (subtypeText === '' && type === PARTITION_TYPE_APP)
    throw wrong('an app needs a subtype, such as factory or ota_0.');
  const subtype =
    subtypeText === '' ? DATA_UNDEFINED : (partitionSubtype(type, subtypeText) ?? numberOf(subtypeText, 'the subtype'));
  if (type < 0 || type > 0xfe || subtype < 0 || subtype > 0xfe) throw wrong('types and subtypes go from 0 to 0xfe.');
  const alignment = type === PARTITION_TYPE_APP ? APP_ALIGNMENT : DATA_ALIGNMENT;
  const offset = offsetText === '' ? Math.ceil(end / alignment) * alignment : numberOf(offsetText, 'the offset');
  if (sizeText === '') throw wrong('the size is missing.');
  const asked = numberOf(sizeText, 'the size');
  const size = asked < 0 ? -asked - offset : asked; // a negative size says where the partition ends
  if (size <= 0) throw wrong(`the size is ${size}.`);
  const flags = flagsText.split(':').filter((flag) => flag !== '');
  const unknown = flags.find((flag) => flag !== 'encrypted' && flag !== 'readonly');
  if (unknown !== undefined) throw wrong(`there is no flag "${unknown}"; there are encrypted and readonly.`);
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

/** `0x1000`, `4096`, `64K`, `1M`, `-2M`; undefined for anything else. */
function parseSize(text: string): number | undefined {
  const match = /^(-?)(0x[0-9a-f]+|\d+)([km]?)$/i.exec(text);
  if (!match) return undefined;
  const unit = { '': 1, k: 1024, m: 1024 * 1024 }[(match[3] ?? '').toLowerCase()] ?? 1;
  return Number(match[2]) * unit * (match[1] === '-' ? -1 : 1);
}

/** What the bootloader and ESP-IDF's tools ask of a table. Throws UserError for the first thing that is wrong. */
export function checkPartitions(partitions: readonly Partition[], tableOffset = PARTITION_TABLE_OFFSET): void {
  const [first] = partitionProblems(partitions, undefined, tableOffset);
  if (first !== undefined) throw new UserError('partition-table', `${first} Correct the partition table.`);
}

/** Everything that is wrong with a table, a sentence each; `flashBytes` is the flash it has to fit into. */
export function partitionProblems(
  partitions: readonly Partition[],
  flashBytes: number | undefined,
  tableOffset = PARTITION_TABLE_OFFSET,
): string[] {
  const problems: string[] = [];
  const first = tableOffset + TABLE_SECTOR;
  const labels = new Set<string>();
  for (const { label, type, offset, size } of partitions) {
    if (labels.has(label)) problems.push(`Two partitions are called "${label}".`);
    labels.add(label);
    if (offset < first)
      problems.push(`"${label}" starts at ${hex(offset)}, before the end of the table (${hex(first)}).`);
    const alignment = type === PARTITION_TYPE_APP ? APP_ALIGNMENT : DATA_ALIGNMENT;
    if (offset % alignment !== 0)
      problems.push(`"${label}" starts at ${hex(offset)}, which is not a multiple of ${hex(alignment)}.`);
    if (flashBytes !== undefined && offset + size > flashBytes)
      problems.push(
        `"${label}" ends at ${hex(offset + size)}, beyond the ${flashBytes / 1024 / 1024} MB of flash on this board.`,
      );
  }
  const sorted = [...partitions].sort((a, b) => a.offset - b.offset);
  sorted.forEach((partition, index) => {
    const next = sorted[index + 1];
    if (next && next.offset < partition.offset + partition.size)
      problems.push(
        `"${next.label}" at ${hex(next.offset)} overlaps "${partition.label}", which ends at ${hex(partition.offset + partition.size)}.`,
      );
  });
  const otadata = partitions.filter(({ type, subtype }) => type === 1 && subtype === 0);
  if (otadata.length > 1) problems.push('There are two otadata partitions.');
  if (otadata[0] && otadata[0].size !== 0x2000)
    problems.push(`The otadata partition has ${hex(otadata[0].size)} bytes, not 0x2000.`);
  return problems;
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

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
