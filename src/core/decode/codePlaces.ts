// Where boards print a bare number: for each family a line as a board would write it, for codes that somebody typed.

export interface CodePlace {
  /** Words beside the number that mean this place: "alert 48", "wifi 201". */
  readonly topic: RegExp;
  /** Numbers that may stand here although no word says so. */
  readonly number: RegExp;
  readonly line: (code: string) => string;
  /** Also where the words by themselves have a reading already: the same sentence comes from two libraries. */
  readonly besides?: true;
}

const NEVER = /(?!)/;
const SMALL = /^\d{1,3}$/;
const MBEDTLS = /mbed|tls|ssl|stack|handshake|x\.?509/i;
/** Negative, hexadecimal, or too large for the other families. */
const LONG = /^(?:-.*|.*[a-fx].*|\d{4,})$/i;

/** In the order in which readings are told. */
export const CODE_PLACES: readonly CodePlace[] = [
  { topic: MBEDTLS, number: LONG, line: (code) => `mbedtls_ssl_handshake returned ${code}` },
  { topic: MBEDTLS, number: /^-[0-9a-f]{4}$/i, line: (code) => `mbedtls_ssl_handshake error: ${code}` },
  { topic: MBEDTLS, number: LONG, line: (code) => `mbedtls error (${code.replace(/[()]/g, '')})` },
  { topic: MBEDTLS, number: LONG, line: (code) => `Last tls stack error number: ${code}` },
  // "4290" is as a rule a hexadecimal number that lost its 0x
  { topic: MBEDTLS, number: /^[0-9a-f]{4}$/i, line: (code) => `mbedtls_ssl_handshake returned -0x${code}` },
  { topic: /start_ssl|arduino/i, number: /^-1$/, line: (code) => `start_ssl_client: ${code}` },
  {
    topic: /\besp|nvs|ota\b|idf/i,
    number: /^(?:0x[0-9a-f]{3,5}|\d{3,5})$/i,
    line: (code) => `esp_err_t error: ${code}`,
  },
  { topic: /psa/i, number: /^-(?:0x00)?[0-9a-f]{2,3}$/i, line: (code) => `psa_crypto_init failed: ${code}` },
  { topic: /errno|socket|oserror/i, number: SMALL, line: (code) => `errno: ${code}` },
  { topic: /wi-?fi|reason|disconn|\bsta\b/i, number: SMALL, line: (code) => `WiFi disconnected, reason: ${code}` },
  {
    topic: /state/i,
    number: /^\(?(?=.*[a-f])[0-9a-f]{3}\)?$/i,
    line: (code) => `wifi:state: run -> init (${code.replace(/[()]/g, '')})`,
  },
  { topic: /dns|getaddrinfo|eai|resolv/i, number: SMALL, line: (code) => `getaddrinfo() returns ${code}` },
  { topic: /connack|return code/i, number: NEVER, line: (code) => `MQTT Connection refused error: 0x${Number(code)}` },
  { topic: /mqtt|pubsub|\brc\b|state/i, number: /^-?\d$/, line: (code) => `MQTT connect failed, rc=${code}` },
  {
    topic: /mqtt|reason|connack/i,
    number: /^(?:0x[89a][0-9a-f]|1[2-6]\d)$/i,
    line: (code) => `MQTT disconnected, reason code: ${code}`,
  },
  { topic: /http/i, number: /^-\d{1,2}$/, line: (code) => `[HTTP] GET failed, error: ${code}` },
  { topic: /update|ota/i, number: /^-10\d$/, line: (code) => `HTTP update failed: error (${code})` },
  { topic: /ssl|tls/i, number: /^-?\d{1,4}$/, line: (code) => `client getLastSSLError = ${code}` },
  { topic: /axtls|ssl error/i, number: /^-2[5-7]\d$/, line: (code) => `Error: SSL error ${code}`, besides: true },
  { topic: /alert|msg|message/i, number: SMALL, line: (code) => `TLS alert: ${code}` },
  {
    topic: /flags?|verif/i,
    number: /^0x0*(?:[1-9a-f]|[1248]0{1,4})$/i,
    line: (code) => `mbedtls_x509_crt_verify flags: ${code}`,
  },
  { topic: /exception|exccause/i, number: /^\d{1,2}$/, line: (code) => `Exception (${code})` },
  { topic: /rst|reset/i, number: NEVER, line: (code) => `rst:0x${Number(code).toString(16)}` },
  {
    topic: /openssl|error:/i,
    number: /^(?:0x)?[0-9a-f]{8}$/i,
    line: (code) => `error:${code.replace(/^0x/i, '').toUpperCase()}`,
  },
];
