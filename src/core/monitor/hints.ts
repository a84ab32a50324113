// The line under an error in the serial monitor: what it is and where to go from it. Once in full, then as a count.
import type { Family, Finding } from '../decode/finding';

export const DIAGNOSE = 'Diagnose Connection';
export const EXPLAIN = 'Explain';

/** Errors of the connection to the broker, which can be replayed from here. */
const CONNECTION: ReadonlySet<Family> = new Set([
  'mbedtls',
  'psa',
  'x509-flags',
  'tls-alert',
  'esp-tls',
  'arduino-tls',
  'mqtt',
  'mqtt5',
  'pubsubclient',
  'bearssl',
  'axtls',
  'dns',
]);

export function actionFor(finding: Finding): typeof DIAGNOSE | typeof EXPLAIN {
  return CONNECTION.has(finding.family) ? DIAGNOSE : EXPLAIN;
}

/** `↳ MBEDTLS_ERR_…: the certificate chain was refused → Diagnose Connection`, without colours. */
function hintText(finding: Finding): string {
  return `↳ ${finding.name}: ${finding.explanation.title} → ${actionFor(finding)}`;
}

/**
 * Rows of a screen after which an error that goes on is told again, in short: about the height of a terminal panel, so
 * that whoever looks at a reconnect loop always has the way out before their eyes, and hints never make a wall.
 */
const REMIND_AFTER_ROWS = 12;
/** Less would be a wall, even in a panel of few rows. */
const LEAST_ROWS = 4;
const MAX_KINDS = 1000;

/** A reconnect loop repeats its error every few seconds: the first is explained, later ones are a short reminder. */
export class HintCounter {
  readonly #seen = new Map<string, { count: number; toldAtRow: number }>();

  /**
   * The hint for this finding, or undefined. `row` counts the rows that the screen was given so far, `height` is how
   * many of them it shows.
   */
  next(finding: Finding, row: number, height = REMIND_AFTER_ROWS): string | undefined {
    const key = `${finding.family} ${finding.code} ${finding.name}`;
    const seen = this.#seen.get(key);
    if (!seen) {
      if (this.#seen.size >= MAX_KINDS) this.#seen.clear();
      this.#seen.set(key, { count: 1, toldAtRow: row });
      return hintText(finding);
    }
    seen.count += 1;
    if (row - seen.toldAtRow < Math.max(LEAST_ROWS, Math.min(height, REMIND_AFTER_ROWS))) return undefined;
    seen.toldAtRow = row;
    return `↳ ${finding.name}, ${seen.count} times now → ${actionFor(finding)}`;
  }

  /** After a reset or a new firmware the errors are new ones. */
  clear(): void {
    this.#seen.clear();
  }
}
