// Finds Mbed TLS codes in every notation that boards print: -0x2700, -9984, 0xffffd900, (D900), 0x2700 after "tls stack
// error", -7280 without 0x (MicroPython), and constants by name.
import type { DecodeContext } from './context';
import { ERROR_BEFORE, PLACE_BEFORE } from './errorWords';
import { mbedtlsByName, readMbedtls } from './mbedtlsTable';
import { socketErrorOf } from './micropython';
import type { Hit, Recognizer } from './recognizer';

/** The line talks about TLS: small and ambiguous numbers may be read then. */
const TLS = /\bNET - |stack_err|ssl|tls|x\.?509|mbed|handshake|certif|https|secure|oserror|errno -|\bpk_|psa_/i;
const NEGATIVE_HEX = /(?<![\w.)])-0x([0-9a-f]{1,8})(?![0-9a-z_])/gi;
/** `tmr.now() -0x2700` */
const SUBTRACTION = /[)\]\d]\s*$/;
const TWOS_COMPLEMENT = /(?<![\w-])(?:0x)?ffff([0-9a-f]{4})(?![0-9a-z_])/gi;
const PARENTHESES = /\((?:0x)?([89a-f][0-9a-f]{3})\)/gi;
const UNKNOWN_CODE = /ERROR CODE \(([0-9A-F]{4})\)/g;
const NEGATIVE_DECIMAL = /(?<![\w.-])-(\d{1,5})(?![\w%]|[.,]\d)/g;
const POSITIVE =
  /(?:(?:tls|ssl)[ _]stack[ _]err(?:or)?(?: number| code)?|(?:from|by) tls stack|mbed_?tls (?:failure|err(?:or)?|return)(?: code| number)?|mbedtls_err(?:or)?|(?<!\w)stack_err|tls_stack_err|mbedtls_(?:error_)?code)\s*(?:[:=]|is)?\s*(?:0x([0-9a-f]{1,5})|(\d{1,5}))(?![\w.])/gi;
/** Older ESP-IDF and ports print the code without its sign after the name of the function. */
const POSITIVE_RETURN =
  /\b(?:mbedtls|esp_tls|esp_mbedtls)_\w+(?:\(\))? (?:returned|failed with|failed[:,]|error ?=) ?(0x[1-7][0-9a-f]{3}|[1-3]\d{4}|[4-9]\d{3})(?![\w.])/gi;
/** What a transport returned, in place of a length or a status: esp-mqtt's mqtt_client.c, coreMQTT's core_mqtt.c. */
const WRITTEN = /\b(?:written len = |(?:transport ?status|return ?code) ?= ?)(-\d{4,5})\b/i;
const MICROPYTHON_HEX = /mbedtls_\w+ error:? -([0-9a-f]{2,4})(?![0-9a-z_])/gi;
const NAME = /\bMBEDTLS_ERR_[A-Z0-9_]+/g;
/** Grammars in which even a small decimal (-76, -78) is a return code of the library. */
const RETURN_CODE =
  /_handle_error\s?\(\)|start_ssl_client|\b(?:mbedtls|mbed|psa|x509|ssl|pk)_\w+\(?\)?|\bssl->\w|esp-tls|mbed_?tls|UNKNOWN ERROR CODE|SSL error|x509_verify/i;

/** Only directly behind a function of the library is a single digit one of its codes. */
const ONE_DIGIT = /start_ssl_client: |mbedtls_\w+(?:\(\))? (?:returned|failed:?|error:?) $/;

class Findings {
  readonly hits: Hit[] = [];

  constructor(private readonly context: DecodeContext) {}

  /** Adds the code if some version knows it and `accept` (of high part) agrees. */
  add(start: number, text: string, magnitude: number, accept: (high: boolean) => boolean): void {
    const reading = readMbedtls(magnitude, this.context.mbedtls?.value);
    // Not a known high code alone: a combined or a low one, which a chance number is more easily.
    if (!reading || !accept(magnitude >= 0x1000 && reading.low === undefined)) return;
    const { code, name, low, version, others } = reading;
    this.hits.push({ start, text, code, name, family: 'mbedtls', version, also: [...(low ? [low] : []), ...others] });
  }
}

/** Return codes that say "call again"; the library's own debug lines are full of them. */
const AGAIN: readonly string[] = [
  'MBEDTLS_ERR_SSL_WANT_READ',
  'MBEDTLS_ERR_SSL_WANT_WRITE',
  'MBEDTLS_ERR_SSL_ASYNC_IN_PROGRESS',
  'MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS',
];
const DEBUG_LINE = /\.c:\d+/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits = findAll(line, context);
  return DEBUG_LINE.test(line) ? hits.filter(({ name }) => !AGAIN.includes(name)) : hits;
}

function findAll(line: string, context: DecodeContext): readonly Hit[] {
  const found = new Findings(context);
  const tls = TLS.test(line);
  const returns = tls && RETURN_CODE.test(line);

  for (const match of line.matchAll(NEGATIVE_HEX)) {
    const digits = (match[1] ?? '').replace(/^0+(?=[0-9a-f]{4})/i, '');
    const before = line.slice(0, match.index);
    if (digits.length > 4 || PLACE_BEFORE.test(before) || (digits.length === 1 && !ONE_DIGIT.test(before))) continue;
    found.add(
      match.index,
      match[0],
      Number.parseInt(digits, 16),
      (high) => tls || (digits.length === 4 && ((high && !SUBTRACTION.test(before)) || ERROR_BEFORE.test(before))),
    );
  }
  for (const match of line.matchAll(TWOS_COMPLEMENT)) {
    const magnitude = 0x10000 - Number.parseInt(match[1] ?? '', 16);
    const before = line.slice(0, match.index);
    found.add(match.index, match[0], magnitude, (high) =>
      high ? tls || ERROR_BEFORE.test(before) : returns || (tls && ERROR_BEFORE.test(before)),
    );
  }
  if (tls) {
    for (const match of line.matchAll(PARENTHESES)) {
      const magnitude = 0x10000 - Number.parseInt(match[1] ?? '', 16);
      found.add(match.index + 1, match[0].slice(1, -1), magnitude, (high) => high);
    }
    for (const match of line.matchAll(POSITIVE)) {
      const text = match[1] === undefined ? (match[2] ?? '') : `0x${match[1]}`;
      const start = match.index + match[0].length - text.length;
      found.add(start, text, Number(text), () => true);
    }
    for (const match of line.matchAll(POSITIVE_RETURN)) {
      const text = match[1] ?? '';
      found.add(match.index + match[0].length - text.length, text, Number(text), (high) => high);
    }
    const micropython = [...line.matchAll(MICROPYTHON_HEX)];
    for (const match of micropython) {
      if (socketErrorOf(line)) continue;
      const start = match.index + match[0].length - (match[1]?.length ?? 0) - 1;
      found.add(
        start,
        line.slice(start, match.index + match[0].length),
        Number.parseInt(match[1] ?? '', 16),
        () => true,
      );
    }
    if (found.hits.length === 0 && micropython.length === 0) decimals(line, returns, found);
  }
  const written = WRITTEN.exec(line);
  if (written?.[1]) found.add(line.indexOf(written[1], written.index), written[1], -Number(written[1]), (high) => high);
  for (const match of line.matchAll(UNKNOWN_CODE)) {
    found.add(match.index + match[0].length - 5, match[1] ?? '', Number.parseInt(match[1] ?? '', 16), () => true);
  }
  for (const match of line.matchAll(NAME)) {
    const magnitude = mbedtlsByName(match[0]);
    if (magnitude === undefined) continue;
    const reading = readMbedtls(magnitude, context.mbedtls?.value);
    const { code = '', version } = reading ?? {};
    found.hits.push({
      start: match.index,
      text: match[0],
      code,
      name: match[0],
      family: 'mbedtls',
      ...(version && { version }),
    });
  }
  return found.hits;
}

/** What mbedtls_strerror says after the number, or the number again in hex. */
const NAMED_AFTER =
  /^\)?,?\s*['"]?(?:(?:X509|SSL|PK|NET|BIGNUM|RSA|ECP|PEM|ASN1)\b|MBEDTLS_ERR|ERROR - |UNKNOWN ERROR|\(-?(?:0x)?[0-9a-f]{4})/i;
/** Names -1: every other function's word for "failed". */
const GENERIC_AFTER = /^\)? ERROR - /;

function decimals(line: string, returns: boolean, found: Findings): void {
  for (const match of line.matchAll(NEGATIVE_DECIMAL)) {
    const before = line.slice(0, match.index);
    const after = line.slice(match.index + match[0].length);
    const named = NAMED_AFTER.test(after);
    const error = named || ERROR_BEFORE.test(before) || (returns && /(?:(?<!["'])[(=:]|->)\s*$/.test(before));
    if (!error || PLACE_BEFORE.test(before)) continue;
    if (match[0].length === 2 && !GENERIC_AFTER.test(after) && (match[0] === '-1' || !ONE_DIGIT.test(before))) continue;
    found.add(match.index, match[0], Number(match[1]), (high) => high || returns || named);
  }
}

export const mbedtls: Recognizer = {
  words: [
    '-0x',
    'ffff',
    'ssl',
    'tls',
    'x509',
    'oserror',
    'errno -',
    'error code (',
    'mbed',
    'stack_err',
    'written len',
    'portstatus',
    'returncode=',
    'handshake',
    'certificat',
    'secure',
  ],
  find,
};
