// Names of esp_err_t numbers; those of esp-tls moved with ESP-IDF 4.4.
import type { DecodeContext } from './context';
import type { Hit } from './recognizer';
import generic from './tables/espErr.json';
import espTls from './tables/espTls.json';

/** By decimal number. */
export const ESP_ERR_NAMES: Readonly<Record<string, string>> = generic.codes;
const CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(ESP_ERR_NAMES).map(([code, name]) => [name, Number(code)]),
);

interface TlsName {
  readonly name: string;
  /** First and last ESP-IDF release branch with this number. */
  readonly from: string;
  readonly to: string;
}

const TLS_NAMES: ReadonlyMap<number, readonly TlsName[]> = new Map(
  Object.entries(espTls.codes).map(([code, entries]) => [
    Number(code),
    entries.map((entry) => {
      const [name = '', from = '', to = ''] = entry.split(' ');
      return { name, from, to };
    }),
  ]),
);
const TLS_CODES: ReadonlyMap<string, number> = new Map(
  [...TLS_NAMES].flatMap(([code, names]) => names.map(({ name }) => [name, code] as const)),
);

function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Names of a number, the likeliest first: since 4.4 where the version is not known, wolfSSL's only where nothing else fits. */
function tlsNames(code: number, idf: string | undefined): readonly string[] {
  const names = TLS_NAMES.get(code) ?? [];
  const rank = ({ name, from, to }: TlsName) => {
    const wolf = name.includes('WOLFSSL') ? 1 : 0;
    const version = idf ?? '5.5';
    return compareVersions(version, from) >= 0 && compareVersions(version, to) <= 0 ? wolf : 2 + wolf;
  };
  return [...names].sort((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

/** The number of a constant, and whether it is one of esp-tls. */
export function espErrByName(name: string): { readonly value: number; readonly tls: boolean } | undefined {
  const tls = TLS_CODES.get(name);
  const value = tls ?? CODES.get(name);
  return value === undefined ? undefined : { value, tls: tls !== undefined };
}

/** What `value`, printed as `text` at `start` of `line`, is called; undefined where it has no name. */
export function espErrHit(
  start: number,
  text: string,
  value: number,
  line: string,
  context: DecodeContext,
): Hit | undefined {
  const digits = value.toString(16).toUpperCase();
  const code = `0x${digits.padStart(value > 0xfff ? 4 : 3, '0')}`;
  const [name, ...also] = namesInContext(value, line, context);
  if (name) {
    const version = context.idf && { version: context.idf.value };
    return { start, text, code, name, family: 'esp-tls', also, ...version };
  }
  const generic = ESP_ERR_NAMES[String(value)];
  if (!generic || value === 0) return undefined;
  return { start, text, code, name: generic, family: generic.startsWith('ESP_ERR_ESP_TLS') ? 'esp-tls' : 'esp_err' };
}

/** The firmware itself says which, or the failed handshake above does: 0x8010 was its number before ESP-IDF 4.4. */
function namesInContext(value: number, line: string, context: DecodeContext): readonly string[] {
  const names = tlsNames(value, context.idf?.value);
  const handshake = names.find((name) => name === 'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED');
  const afterHandshake = () => !context.idf && context.recentHits(12).some(({ family }) => family === 'mbedtls');
  const meant = names.find((name) => line.includes(name)) ?? (handshake && afterHandshake() ? handshake : undefined);
  return meant ? [meant, ...names.filter((name) => name !== meant)] : names;
}
