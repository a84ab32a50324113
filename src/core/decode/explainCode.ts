// Reads one code that somebody typed: no line around it, so every reading counts.
import { createDecoder, type DecoderOptions } from './decoder';
import type { Finding } from './finding';

/** Ways to write the code as a board would; the first that gives a finding decides. */
const FRAMES: readonly ((code: string) => string)[] = [
  (code) => code,
  (code) => `mbedtls_ssl_handshake returned ${code}`,
  (code) => `mbedtls_ssl_handshake error: ${code}`,
  (code) => `mbedtls error (${code})`,
  (code) => `Last tls stack error number: ${code}`,
];

/** All readings of `input`, the likeliest first; empty where nobody knows it. */
export function explainCode(input: string, options: DecoderOptions = {}): Finding[] {
  const code = input.trim();
  if (!code) return [];
  const found: Finding[] = [];
  for (const frame of FRAMES) {
    const line = frame(code);
    const shift = line.indexOf(code);
    for (const finding of createDecoder(options).next(line)) {
      const column = finding.column - shift;
      if (column < 1 || found.some(({ name }) => name === finding.name)) continue;
      found.push({ ...finding, line: 1, column });
    }
  }
  return found;
}
