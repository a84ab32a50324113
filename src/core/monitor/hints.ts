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
export function hintText(finding: Finding): string {
  return `↳ ${finding.name}: ${finding.explanation.title} → ${actionFor(finding)}`;
}

/**
 * Lines after which an error that goes on is told again, in short: about the height of a terminal panel, so that
 * whoever looks at a reconnect loop always has the way out before their eyes, and hints never make a wall.
 */
const REMIND_AFTER_LINES = 12;
const MAX_KINDS = 1000;

/** A reconnect loop repeats its error every few seconds: the first is explained, later ones are a short reminder. */
export class HintCounter {
  readonly #seen = new Map<string, { count: number; toldAtLine: number }>();

  /** The hint for this finding in the line numbered `line` (of all the board printed), or undefined. */
  next(finding: Finding, line: number): string | undefined {
    const key = `${finding.family} ${finding.code} ${finding.name}`;
    const seen = this.#seen.get(key);
    if (!seen) {
      if (this.#seen.size >= MAX_KINDS) this.#seen.clear();
      this.#seen.set(key, { count: 1, toldAtLine: line });
      return hintText(finding);
    }
    seen.count += 1;
    if (line - seen.toldAtLine < REMIND_AFTER_LINES) return undefined;
    seen.toldAtLine = line;
    return `↳ ${finding.name}, ${seen.count} times now → ${actionFor(finding)}`;
  }

  /** After a reset or a new firmware the errors are new ones. */
  clear(): void {
    this.#seen.clear();
  }
}
