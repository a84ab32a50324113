// PEM (RFC 7468): finds the blocks in any text, and says on which line one is damaged and how.
import { UserError } from '../errors';

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, `EC PRIVATE KEY`, ... */
  readonly label: string;
  readonly der: Uint8Array;
  /** Line of the BEGIN mark; lines count from 1. */
  readonly line: number;
  readonly endLine: number;
  /** RFC 1421 headers, for example of a key encrypted the old way (`Proc-Type`, `DEK-Info`). */
  readonly headers: Readonly<Record<string, string>>;
}

export type PemDamage =
  | 'lost-newlines'
  | 'escaped-newlines'
  | 'no-end'
  | 'no-begin'
  | 'other-end'
  | 'bad-character'
  | 'cut-short'
  | 'empty';

export interface PemProblem {
  readonly damage: PemDamage;
  readonly line: number;
  /** What is wrong and what to do, one or two sentences, without the line. */
  readonly message: string;
}

const BEGIN = /-----BEGIN ([A-Z0-9][A-Z0-9 ]*?)-----/;
const END = /-----END ([A-Z0-9][A-Z0-9 ]*?)-----/;
const HEADER = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/;

/**
 * All blocks of `text`, in order; text around them is ignored. Throws UserError `pem-damaged` naming the line of the
 * first damage, or `pem-missing` when there is no block at all.
 */
export function readPem(text: string): PemBlock[] {
  const { blocks, problems } = scanPem(text);
  const [first] = problems;
  if (first) throw new UserError('pem-damaged', `The PEM text is damaged in line ${first.line}: ${first.message}`);
  if (blocks.length === 0) {
    throw new UserError(
      'pem-missing',
      'There is no PEM block in this text: a line with -----BEGIN CERTIFICATE----- (or a key) was expected.',
    );
  }
  return blocks;
}

/** Like readPem, but returns what is good and what is damaged side by side. Never throws. */
export function scanPem(text: string): { readonly blocks: PemBlock[]; readonly problems: PemProblem[] } {
  const lines = text.split(/\r\n|\n|\r/);
  const blocks: PemBlock[] = [];
  const problems: PemProblem[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const begin = BEGIN.exec(line);
    if (!begin) {
      if (END.test(line))
        problems.push(problem('no-begin', i, 'an END mark without its BEGIN line. Copy the whole block.'));
      continue;
    }
    const label = begin[1] ?? '';
    const rest = line.slice(begin.index + begin[0].length).trim();
    if (rest !== '') {
      problems.push(lostNewlines(i, rest));
      while (i < lines.length - 1 && !END.test(lines[i] ?? '') && !BEGIN.test(lines[i + 1] ?? '')) i++;
      continue;
    }
    const read = readBlock(lines, i, label);
    if ('damage' in read) {
      problems.push(read);
      while (i < lines.length - 1 && !END.test(lines[i] ?? '') && !BEGIN.test(lines[i + 1] ?? '')) i++;
    } else {
      blocks.push(read);
      i = read.endLine - 1;
    }
  }
  return { blocks, problems };
}

function problem(damage: PemDamage, index: number, message: string): PemProblem {
  return { damage, line: index + 1, message };
}

function lostNewlines(index: number, rest: string): PemProblem {
  if (rest.startsWith('\\')) {
    return problem(
      'escaped-newlines',
      index,
      'it holds the two characters "\\n" instead of line breaks. Put each line on a line of its own.',
    );
  }
  return problem(
    'lost-newlines',
    index,
    'the line breaks are lost: a line break must follow the BEGIN mark (in a C string each line ends in \\n).',
  );
}

/** Reads the lines after BEGIN (at `start`) up to its END. */
function readBlock(lines: readonly string[], start: number, label: string): PemBlock | PemProblem {
  const headers: Record<string, string> = {};
  let base64 = '';
  let inHeaders = HEADER.test(lines[start + 1] ?? '');
  let lastHeader = '';
  for (let i = start + 1; i < lines.length; i++) {
    const line = (lines[i] ?? '').trim();
    const end = END.exec(line);
    if (end) {
      if (end.index > 0) return problem('lost-newlines', i, 'a line break is missing in front of the END mark.');
      if (end[1] !== label) return problem('other-end', i, `the block begins as ${label} but ends as ${end[1]}.`);
      return finish(label, base64, start, i, headers);
    }
    if (BEGIN.test(line)) break;
    if (inHeaders) {
      const header = HEADER.exec(line);
      if (header) lastHeader = header[1] ?? '';
      if (line === '') inHeaders = false;
      else headers[lastHeader] = `${headers[lastHeader] ?? ''}${header ? header[2] : line}`;
      continue;
    }
    const wrong = /[^A-Za-z0-9+/=]/.exec(line);
    if (wrong) {
      return line[wrong.index] === '\\'
        ? lostNewlines(i, '\\')
        : problem(
            'bad-character',
            i,
            `"${printable(line[wrong.index] ?? '')}" is no base64 character. Copy the block again.`,
          );
    }
    base64 += line;
  }
  return problem('no-end', start, `the line -----END ${label}----- is missing. Copy the block to its end.`);
}

function printable(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 || code > 0x7e ? `\\u${code.toString(16).padStart(4, '0')}` : character;
}

function finish(
  label: string,
  base64: string,
  start: number,
  end: number,
  headers: Readonly<Record<string, string>>,
): PemBlock | PemProblem {
  if (base64 === '') return problem('empty', start, 'there is nothing between BEGIN and END.');
  const padding = base64.indexOf('=');
  if (base64.length % 4 !== 0 || (padding >= 0 && !/^={1,2}$/.test(base64.slice(padding)))) {
    return problem('cut-short', end, 'base64 characters are missing above this line. Copy the block again.');
  }
  const der = decodeBase64(base64);
  const expected = derLength(der);
  if (expected !== undefined && expected > der.length && !('DEK-Info' in headers)) {
    const message = `the data above this line should have ${expected} bytes but has ${der.length}: lines are missing. Copy the block again.`;
    return problem('cut-short', end, message);
  }
  return { label, der, line: start + 1, endLine: end + 1, headers };
}

/** The length that the outermost SEQUENCE claims, header included; undefined when it starts with none. */
function derLength(der: Uint8Array): number | undefined {
  const [tag, first = 0, ...more] = der.subarray(0, 6);
  if (tag !== 0x30) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  return 2 + count + more.slice(0, count).reduce((sum, octet) => sum * 256 + octet, 0);
}

function decodeBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** PEM text of one block, lines of 64 characters, with a line break at its end. */
export function writePem(label: string, der: Uint8Array): string {
  let binary = '';
  for (const octet of der) binary += String.fromCharCode(octet);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
