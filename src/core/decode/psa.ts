// PSA Crypto status codes: by name, and by number where a psa_ function or Mbed TLS 4 speaks.
import type { DecodeContext } from './context';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/psa.json';

const CODES: Readonly<Record<string, string>> = table.codes;
const NUMBER =
  /\b(?:psa[_ ]|mbedtls_)\w{1,48}.{0,100}?(?:returned|failed|status|error|err|=|:)\D{0,12}(-0x(?:00)?[89a-f][0-9a-f](?![0-9a-f])|-1[3-5]\d|-248)(?![\w.])/i;
const NAME = /\bPSA_(?:ERROR_[A-Z_]+|OPERATION_INCOMPLETE)\b/;

function find(line: string, _context: DecodeContext): readonly Hit[] {
  const number = NUMBER.exec(line);
  if (number?.[1]) {
    const value = Math.abs(Number(number[1].replace('-', '')));
    const name = CODES[String(-value)];
    const start = number.index + number[0].length - number[1].length;
    if (name) return [{ start, text: number[1], code: String(-value), name, family: 'psa' }];
  }
  const constant = NAME.exec(line);
  const known = constant && Object.entries(CODES).find(([, name]) => name === constant[0]);
  return known ? [{ start: constant.index, text: constant[0], code: known[0], name: known[1], family: 'psa' }] : [];
}

export const psa: Recognizer = { words: ['psa', 'mbedtls_'], find };
