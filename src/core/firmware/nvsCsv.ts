// Espressif's CSV for NVS (key,type,encoding,value): read into rows, and rows written as CSV.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-reference/storage/nvs_partition_gen.html
import { UserError } from '../errors';
import { formatCsvField, parseCsvRows } from './csvText';
import { NVS_MAX_KEY, type NvsRow, type NvsValue } from './nvsFormat';
import { parseNvsValue } from './nvsText';

/** Reads the file that a row of type `file` names. */
export type NvsFileReader = (path: string) => Uint8Array;

/** Throws UserError with the number of the line that is wrong. */
export function parseNvsCsv(text: string, readFile: NvsFileReader): NvsRow[] {
  // Like Espressif's tool: comment lines go first, even inside a quoted field.
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/(?<=\n)/)
    .flatMap((source, index) => (source.startsWith('#') ? [] : [{ source, number: index + 1 }]));
  const [header, ...rows] = parseCsvRows(lines.map(({ source }) => source).join(''));
  const column = (name: string) => {
    const index = header?.fields.indexOf(name) ?? -1;
    if (index < 0)
      throw new UserError(
        'nvs-csv-header',
        `The CSV has no column "${name}". Its first line is: key,type,encoding,value`,
      );
    return index;
  };
  const [key, type, encoding, value] = [column('key'), column('type'), column('encoding'), column('value')];
  let started = false;
  return rows.map(({ fields, line }) => {
    try {
      const field = (index: number) => fields[index] ?? '';
      const row = parseRow(field(key), field(type), field(encoding), field(value), readFile);
      if (row.kind === 'namespace') started = true;
      else if (!started)
        throw new UserError('nvs-no-namespace', `"${row.key}" stands before the first namespace. Start with one.`);
      return row;
    } catch (error) {
      throw error instanceof UserError ? atLine(error, lines[line]?.number ?? line + 1) : error;
    }
  });
}

function atLine(error: UserError, line: number): UserError {
  const what = error.message.replace(/^[A-Z](?=[a-z]* )/, (first) => first.toLowerCase());
  return new UserError(error.code, `Line ${line} of the CSV: ${what}`, error.action, { cause: error });
}

function parseRow(key: string, type: string, encoding: string, value: string, readFile: NvsFileReader): NvsRow {
  checkKey(key);
  switch (type) {
    case 'namespace':
      return { kind: 'namespace', key };
    case 'data':
      return { kind: 'entry', key, value: parseNvsValue(key, encoding, value) };
    case 'file':
      return { kind: 'entry', key, value: parseNvsValue(key, encoding, readFile(value)) };
    default:
      throw new UserError('nvs-csv-type', `"${key}" has the type "${type}". Use namespace, data or file.`);
  }
}

function checkKey(key: string): void {
  if (key === '') throw new UserError('nvs-csv-key', 'There is no key.');
  if (key.length > NVS_MAX_KEY)
    throw new UserError(
      'nvs-key-too-long',
      `The key "${key}" has ${key.length} characters; NVS takes at most ${NVS_MAX_KEY}. Shorten it.`,
    );
  if (!/^[\x20-\x7e]+$/.test(key))
    throw new UserError('nvs-csv-key', `The key "${key}" has a character outside ASCII, which NVS cannot store.`);
}

/** CSV that builds the same content again. `hide` replaces values that must not be shown. */
export function formatNvsCsv(
  rows: readonly NvsRow[],
  hide: (key: string, value: NvsValue) => boolean = () => false,
): string {
  const lines = rows.map((row) => {
    if (row.kind === 'namespace') return [row.key, 'namespace', '', ''];
    const [encoding, text] = nvsValueText(row.value);
    return [row.key, 'data', encoding, hide(row.key, row.value) ? '(hidden)' : text];
  });
  return [['key', 'type', 'encoding', 'value'], ...lines]
    .map((line) => `${line.map(formatCsvField).join(',')}\n`)
    .join('');
}

/** The encoding and the text of a value in the CSV. Text that is not UTF-8 becomes hexadecimal. */
export function nvsValueText(value: NvsValue): readonly [encoding: string, text: string] {
  switch (value.kind) {
    case 'integer':
      return [value.type, String(value.value)];
    case 'string':
      try {
        return ['string', new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.bytes)];
      } catch {
        return ['hex2bin', hexText(value.bytes)];
      }
    case 'blob':
      return ['hex2bin', hexText(value.bytes)];
  }
}

function hexText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
