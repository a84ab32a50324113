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

/** Told again, with its way out, each time this many more were seen: whoever looks up later finds it on the screen. */
const REMIND_EVERY = 10;
const MAX_KINDS = 1000;

/** A reconnect loop repeats its error every few seconds; the explanation must not become a wall. */
export class HintCounter {
  readonly #counts = new Map<string, number>();

  /** The hint for this finding, or undefined where it would only repeat. */
  next(finding: Finding): string | undefined {
    const key = `${finding.family} ${finding.code} ${finding.name}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count === 1 && this.#counts.size >= MAX_KINDS) this.#counts.clear();
    this.#counts.set(key, count);
    if (count === 1) return hintText(finding);
    return count % REMIND_EVERY === 0 ? `↳ ${finding.name}, ${count} times now → ${actionFor(finding)}` : undefined;
  }

  /** After a reset or a new firmware the errors are new ones. */
  clear(): void {
    this.#counts.clear();
  }
}
