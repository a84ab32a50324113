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

/** A small number alone means nothing: these are the places where boards print one. */
const SMALL_FRAMES: readonly ((code: string) => string)[] = [
  (code) => `start_ssl_client: ${code}`,
  (code) => `_handle_error(): [data_to_read():1]: (${code}) UNKNOWN`,
  (code) => `errno: ${code}`,
  (code) => `WiFi disconnected, reason: ${code}`,
  (code) => `getaddrinfo() returns ${code}`,
  (code) => `MQTT connect failed, rc=${code}`,
  (code) => `[HTTP] GET failed, error: ${code}`,
  (code) => `client getLastSSLError = ${code}`,
  (code) => `fatal alert message (msg ${code})`,
  (code) => `Exception (${code})`,
];

/** All readings of `input`, the likeliest first; empty where nobody knows it. */
export function explainCode(input: string, options: DecoderOptions = {}): Finding[] {
  const code = input.trim();
  if (!code) return [];
  const found: Finding[] = [];
  const small = /^-?\d{1,3}$/.test(code);
  for (const frame of small ? SMALL_FRAMES : FRAMES) {
    for (const finding of createDecoder(options).next(frame(code))) {
      if (found.some(({ name }) => name === finding.name)) continue;
      const own = frame === FRAMES[0];
      found.push({ ...finding, ...(own ? {} : { text: code, column: 1 }) });
    }
  }
  return found;
}
