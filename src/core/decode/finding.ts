// What a decoder found in a line of serial output: the shape every door shows.
import type { Repair } from '../repair/repair';

/** Code families, as `secure-iot decode --json` names them. */
export type Family =
  | 'mbedtls'
  | 'psa'
  | 'x509-flags'
  | 'tls-alert'
  | 'esp-tls'
  | 'esp_err'
  | 'arduino-tls'
  | 'arduino-update'
  | 'mqtt'
  | 'mqtt5'
  | 'pubsubclient'
  | 'httpclient'
  | 'bearssl'
  | 'axtls'
  | 'wifi'
  | 'errno'
  | 'dns'
  | 'panic'
  | 'reset'
  | 'openssl';

export type Platform = 'arduino-esp32' | 'esp-idf' | 'esp8266' | 'other';

/** Files of a project that tell its platform; `includes` are those of its sources. */
const PROJECT_SOURCES = [
  'platformio.ini',
  'sketch.yaml',
  'sdkconfig',
  'dependencies.lock',
  'secure-iot.json',
  'includes',
] as const;
export type ProjectSource = (typeof PROJECT_SOURCES)[number];

/** How a platform or a version came to be known. */
export type KnownBy = 'option' | 'boot-banner' | 'log-format' | 'unknown' | ProjectSource;

export function isProjectSource(by: KnownBy | undefined): by is ProjectSource {
  return PROJECT_SOURCES.some((source) => source === by);
}

/** One error found in one line. Columns and lines count from 1; a column counts UTF-16 code units. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  /** The code or phrase as printed. */
  readonly text: string;
  /** Canonical notation, for example `-0x2700`. */
  readonly code: string;
  /** Official constant name, or the project's label where no header has one. */
  readonly name: string;
  readonly family: Family;
  /** Other readings of an ambiguous number, and the low part of a combined code. */
  readonly also: readonly string[];
  readonly platform: Platform;
  readonly platformKnownBy: KnownBy;
  /** The library version that the number was read for, for example `3.6`, where it matters. */
  readonly version?: string;
  readonly explanation: Explanation;
}

/** One likely cause. `evidence` quotes what in the lines around speaks for it. */
export interface Cause {
  readonly text: string;
  readonly evidence?: string;
}

/** Something to do. With `command` it is a button; with `repairs` an edit, where a project is found that one fits. */
export interface Fix {
  readonly text: string;
  /** A command id from contributions/commands.ts. */
  readonly command?: string;
  /** The same cure in different kinds of project: the first that fits is made. */
  readonly repairs?: readonly Repair[];
}

/** What a finding means on this platform. Every statement has its source. */
export interface Explanation {
  /** One line: what happened. */
  readonly title: string;
  readonly causes: readonly Cause[];
  readonly fixes: readonly Fix[];
  /** Header, source file or issue that backs the statements. */
  readonly sources: readonly string[];
}

/** The same finding at another place; its explanation is still made only when it is looked at. */
export function findingAt(finding: Finding, place: Partial<Pick<Finding, 'line' | 'column' | 'text'>>): Finding {
  return {
    ...finding,
    ...place,
    get explanation() {
      return finding.explanation;
    },
  };
}
