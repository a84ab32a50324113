// Reads one code that somebody typed: no line around it, so every reading counts.
import { hasOwnEntry } from '../knowledge/entries';
import { explain } from '../knowledge/explain';
import { hitsByName } from './codeNames';
import { CODE_PLACES } from './codePlaces';
import { createDecoder, type DecoderOptions } from './decoder';
import { type Finding, findingAt } from './finding';
import type { Hit } from './recognizer';

/** A number in any notation, with or without words before it: `-0x2700`, `alert 48`, `MQTT 5: 0x87`. */
const CODE = /^(?:(.*?[\s:=(#])?\(?)(-?0x[0-9a-f]+|-?\d+|[0-9a-f]{3,8})\)?$/i;

/** All readings of `input`, the likeliest first; empty where nobody knows it. */
export function explainCode(input: string, options: DecoderOptions = {}): Finding[] {
  const typed = input.trim();
  if (!typed) return [];
  const [, words = '', number = ''] = CODE.exec(typed) ?? [];
  const asLine = read(typed, options);
  const inWords = /\w/.test(words);
  const found: Finding[] = [...asLine];
  for (const { topic, number: fits, line, besides } of number ? CODE_PLACES : []) {
    if (inWords && asLine.length > 0 && !besides) continue;
    if (!(inWords ? topic.test(words) : fits.test(number))) continue;
    for (const finding of read(line(number), options)) {
      if (!found.some(({ name }) => name === finding.name)) found.push(findingAt(finding, { text: number, column: 1 }));
    }
  }
  const named = found.length > 0 ? [] : hitsByName(typed).map((hit) => findingOf(hit, options));
  return [...found, ...named].sort((a, b) => doubt(a) - doubt(b));
}

function read(line: string, options: DecoderOptions): Finding[] {
  const decoder = createDecoder(options);
  return [...decoder.next(line), ...decoder.end()];
}

/** Readings that nobody meets on a board come last, and sums of two Mbed TLS codes behind whole ones. */
function doubt(finding: Finding): number {
  const { family, code, also } = finding;
  const magnitude = family === 'mbedtls' ? -Number.parseInt(code.replace('0x', ''), 16) : 0;
  const isSum = magnitude > 0x1000 && (magnitude & 0x7f) !== 0 && !also.some((name) => name.endsWith('ALLOC_FAILED'));
  return (hasOwnEntry({ ...finding, start: 0 }) ? 0 : 2) + (isSum ? 1 : 0);
}

function findingOf(hit: Hit, { platform = 'other', knownBy = 'option' }: DecoderOptions): Finding {
  const { text, code, name, family } = hit;
  return {
    line: 1,
    column: 1,
    text,
    code,
    name,
    family,
    also: [],
    platform,
    platformKnownBy: platform === 'other' ? 'unknown' : knownBy,
    explanation: explain(hit, { platform, before: [] }),
  };
}
