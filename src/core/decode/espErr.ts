// esp_err_t: by name, by number (espErrNumbers.ts), and in esp-tls' own sentences.
import type { DecodeContext } from './context';
import { espErrByName, espErrHit } from './espErrNames';
import { findEspErrNumbers } from './espErrNumbers';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';

const NAME = /\bESP_(?:ERR_[A-Z0-9_]+|FAIL\b)/g;
/** arduino-esp32 libraries/Preferences/src/Preferences.cpp prints the constant without its prefix. */
const PREFERENCES = /\bnvs_\w+ (?:len )?fail(?:ed)?: (?:\S+ )?([A-Z]+(?:_[A-Z]+)+)\b/;

const SENTENCES: readonly Phrase[] = [
  {
    pattern: /esp-tls\s*:.*\b(select\(\) timeout|Failed to open new connection in specified timeout)/,
    name: 'ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT',
    code: '0x8006',
  },
  // esp_tls.c prints the host; with "getaddrinfo() returns N" behind it that number says more
  {
    pattern: /esp-tls\s*:.*(couldn't get hostname for)(?!.*getaddrinfo)/,
    name: 'ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME',
    code: '0x8001',
  },
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits = [...findEspErrNumbers(line, context), ...findNames(line), findPreferences(line, context)];
  return [...hits.filter((hit) => hit !== undefined), ...findPhrases(SENTENCES, 'esp-tls', line, context)];
}

function findNames(line: string): Hit[] {
  const hits: Hit[] = [];
  for (const match of line.matchAll(NAME)) {
    const [name] = match;
    const known = espErrByName(name);
    if (!known || known.value === 0) continue;
    const code = known.value < 0 ? String(known.value) : `0x${known.value.toString(16).toUpperCase()}`;
    hits.push({ start: match.index, text: name, code, name, family: known.tls ? 'esp-tls' : 'esp_err' });
  }
  return hits;
}

function findPreferences(line: string, context: DecodeContext): Hit | undefined {
  const match = PREFERENCES.exec(line);
  const word = match?.[1];
  const known = espErrByName(`ESP_ERR_NVS_${word}`);
  if (!match || word === undefined || !known) return undefined;
  return espErrHit(match.index + match[0].length - word.length, word, known.value, line, context);
}

export const espErr: Recognizer = {
  words: [
    'err',
    'fail',
    'esp_',
    'ret=',
    'ret =',
    'ret:',
    'returned',
    'rc=',
    'code:',
    'code=',
    'code 0x',
    'code (',
    'status=',
    'status: 0x',
    'status 0x',
    'result',
    'connection:',
    'connection',
    'esp-tls',
    'number',
    'nvs_',
  ],
  find,
};
