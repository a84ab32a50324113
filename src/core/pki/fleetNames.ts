// The names of a fleet: from a pattern and a count, or from the lines of a CSV file.
import { UserError } from '../errors';
import { checkCommonName } from './commonName';
import { fileNameOf } from './fileName';

const SLOT = /\{(\d+)\}/g;
const MOST = 1_000_000;

/** "dev-{0001}", 3 -> dev-0001, dev-0002, dev-0003. The number in braces is the first, its width the least width. */
export function namesFromPattern(pattern: string, count: number): Iterable<string> {
  const slots = [...pattern.matchAll(SLOT)];
  const [slot] = slots;
  if (!slot?.[1] || slots.length > 1) {
    throw new UserError(
      'fleet-pattern',
      `The pattern "${pattern}" needs one number in braces, the first of the series: "dev-{0001}" makes dev-0001, dev-0002 and so on.`,
    );
  }
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    throw new UserError('fleet-count', `A fleet has 1 to ${MOST} devices; ${count} cannot be made in one run.`);
  }
  const first = Number(slot[1]);
  if (!Number.isSafeInteger(first + count)) {
    throw new UserError(
      'fleet-pattern',
      `The number in "${pattern}" is too large to count on from. Use at most 15 digits.`,
    );
  }
  const width = slot[1].length;
  const name = (n: number) => pattern.replace(SLOT, String(n).padStart(width, '0'));
  fileNameOf(checkCommonName(name(first)));
  checkCommonName(name(first + count - 1)); // the longest
  return {
    *[Symbol.iterator]() {
      for (let n = first; n < first + count; n++) yield name(n);
    },
  };
}

/**
 * The column "name" (also "cn", "device", "common name"), or the first column where there is no such head line.
 * Comma, semicolon or tab; quotes as in RFC 4180. Throws UserError naming the line of a bad or repeated name.
 */
export function namesFromCsv(text: string, file: string): string[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const separator = [',', ';', '\t'].find((s) => rows[0]?.includes(s)) ?? ',';
  const head = cells(rows[0] ?? '', separator).map((cell) => cell.toLowerCase());
  const column = head.findIndex((cell) => ['name', 'cn', 'device', 'common name', 'common_name'].includes(cell));
  const lines = new Map<string, number>();
  const names: string[] = [];
  for (const [i, row] of rows.entries()) {
    if ((i === 0 && column >= 0) || row.trim() === '' || row.startsWith('#')) continue;
    const name = cells(row, separator)[Math.max(column, 0)] ?? '';
    const at = `${file} line ${i + 1}`;
    try {
      fileNameOf(checkCommonName(name));
    } catch (error) {
      if (error instanceof UserError) throw new UserError('fleet-csv', `${at}: ${error.message}`);
      throw error;
    }
    const key = name.toLowerCase(); // file systems that ignore case would mix the two up
    const before = lines.get(key);
    if (before !== undefined) {
      throw new UserError(
        'fleet-csv',
        `${at}: "${name}" stands in line ${before} already. Every device needs a name of its own.`,
      );
    }
    lines.set(key, i + 1);
    names.push(name);
  }
  if (names.length === 0) throw new UserError('fleet-csv', `${file} has no device names.`);
  return names;
}

function cells(row: string, separator: string): string[] {
  const found: string[] = [];
  let rest = row;
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(rest);
    const end = quoted ? quoted[0].length : rest.indexOf(separator);
    found.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : (end < 0 ? rest : rest.slice(0, end)).trim());
    const next = quoted ? rest.indexOf(separator, end) : end;
    if (next < 0) return found;
    rest = rest.slice(next + separator.length);
  }
}
