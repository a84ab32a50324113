// What an Mbed TLS error number means in each version of the library.
import table from './tables/mbedtls.json';

export type MbedtlsVersion = '2.16' | '2.28' | '3.6' | '4.x';

/** The order of trust where the version is not known: what most boards run today first. */
const VERSIONS: readonly MbedtlsVersion[] = ['3.6', '2.28', '2.16', '4.x'];

export interface MbedtlsReading {
  /** `-0x2700`. */
  readonly code: string;
  /** Name of the code, or of the high part of a combined one. */
  readonly name: string;
  /** Name of the low part of a combined code. */
  readonly low?: string;
  /** The version that gives these names. */
  readonly version: MbedtlsVersion;
  /** Names that other versions give to the same number. */
  readonly others: readonly string[];
}

interface Named {
  readonly name: string;
  readonly versions: readonly string[];
}

const NAMES: ReadonlyMap<number, readonly Named[]> = new Map(
  Object.entries(table.codes).map(([code, entries]) => [
    Number(code),
    entries.map((entry) => {
      const [name = '', ...versions] = entry.split(' ');
      return { name, versions };
    }),
  ]),
);

const CODES: ReadonlyMap<string, number> = new Map(
  [...NAMES].flatMap(([code, names]) => names.map(({ name }) => [name, code] as const)),
);

/** A code is `high | low`; the library masks them so in mbedtls_strerror (library/error.c). */
const LOW_MASK = 0x7f;
const FATAL_ALERT = 0x7780;

function formatMbedtls(magnitude: number): string {
  return `-0x${magnitude.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Number by official name, as a positive magnitude. */
export function mbedtlsByName(name: string): number | undefined {
  return CODES.get(name);
}

/** Every official name of any version. */
export function mbedtlsNames(): readonly string[] {
  return [...CODES.keys()];
}

/** Reads `magnitude` (positive: 0x2700 for -0x2700). Undefined where no version has such a code. */
export function readMbedtls(magnitude: number, version?: MbedtlsVersion): MbedtlsReading | undefined {
  if (!Number.isInteger(magnitude) || magnitude < 1 || magnitude > 0x7fff) return undefined;
  const whole = named(magnitude, version);
  const code = formatMbedtls(magnitude);
  if (whole) return { code, ...whole };
  const lowBits = magnitude & LOW_MASK;
  const high = lowBits === 0 || lowBits === magnitude ? undefined : named(magnitude - lowBits, version);
  if (!high) return undefined;
  if (magnitude - lowBits === FATAL_ALERT) return { code, ...high }; // mbedtls_strerror reads no low part there
  const low = named(lowBits, high.version) ?? named(lowBits, version);
  return low && { code, ...high, low: low.name };
}

function named(code: number, version?: MbedtlsVersion): Omit<MbedtlsReading, 'code' | 'low'> | undefined {
  const names = NAMES.get(code);
  if (!names) return undefined;
  for (const wanted of version ? [version, ...VERSIONS] : VERSIONS) {
    const found = names.find(({ versions }) => versions.includes(wanted));
    if (found) {
      return { name: found.name, version: wanted, others: names.filter((n) => n !== found).map(({ name }) => name) };
    }
  }
  return undefined;
}
