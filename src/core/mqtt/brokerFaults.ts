// The faults that the local broker can be started with: what it does then, what a board prints, and what it teaches.

/** How the fault is made: a bad certificate, odd TLS settings, an odd broker, or no TLS at all. */
export type FaultKind = 'certificate' | 'settings' | 'port';

interface Fault {
  readonly kind: FaultKind;
  readonly label: string;
  /** What the broker does. */
  readonly does: string;
  /** An ESP32 with Mbed TLS 2.28 or 3.x; checked against a real Mbed TLS 2.28. */
  readonly mbedtls: string;
  /** An ESP8266 with BearSSL, by bearssl_x509.h and bearssl_ssl.h; left out where it has no number of its own. */
  readonly bearssl?: string;
  /** What signs the certificate has to be unlocked for it. */
  readonly signed?: true;
}

export const BROKER_FAULTS = {
  'wrong-ca': {
    kind: 'certificate',
    label: 'Another CA',
    does: 'shows a certificate with the right names from an authority that nobody trusts',
    mbedtls: '-0x2700',
    bearssl: '62',
  },
  'remade-ca': {
    kind: 'certificate',
    label: 'The CA made anew',
    does: 'shows a certificate from an authority of the same name with another key, as after "I just made the CA again"',
    mbedtls: '-0x2700',
    bearssl: '62',
  },
  'wrong-name': {
    kind: 'certificate',
    label: 'Another host name',
    does: 'shows a certificate of your authority for another.invalid',
    mbedtls: '-0x2700',
    bearssl: '56',
    signed: true,
  },
  'no-san': {
    kind: 'certificate',
    label: 'No names (SAN)',
    does: 'shows a certificate as plain "openssl x509 -req" makes it: a common name and no names to match',
    mbedtls: '-0x2700',
    bearssl: '56',
    signed: true,
  },
  expired: {
    kind: 'certificate',
    label: 'Expired',
    does: 'shows a certificate that ended yesterday',
    mbedtls: 'nothing: it connects, because an ESP32 does not check dates by default',
    bearssl: '54',
    signed: true,
  },
  'not-yet-valid': {
    kind: 'certificate',
    label: 'Not valid yet',
    does: 'shows a certificate that begins tomorrow',
    mbedtls: 'nothing: it connects, because an ESP32 does not check dates by default',
    bearssl: '54',
    signed: true,
  },
  'missing-intermediate': {
    kind: 'certificate',
    label: 'Intermediate missing',
    does: 'shows a certificate from an intermediate CA and does not send that one',
    mbedtls: '-0x2700',
    bearssl: '62',
    signed: true,
  },
  'weak-key': {
    kind: 'certificate',
    label: 'Weak key',
    does: 'shows a certificate with an RSA key of 1024 bits',
    mbedtls: '-0x2700',
    signed: true,
  },
  'sha1-signature': {
    kind: 'certificate',
    label: 'Signed with SHA-1',
    does: 'shows a certificate whose signature is made with SHA-1, as old authorities made it',
    mbedtls: '-0x2700',
    bearssl: 'nothing: it connects',
    signed: true,
  },
  'wrong-purpose': {
    kind: 'certificate',
    label: 'Not for a server',
    does: 'shows a certificate whose extended key usage is clientAuth only',
    mbedtls: '-0x7A00',
    signed: true,
  },
  'old-tls': {
    kind: 'settings',
    label: 'Old TLS only',
    does: 'takes TLS 1.0 and 1.1 only',
    mbedtls: 'nothing with Arduino 2.x and ESP-IDF 4.4: it connects; with newer ones -0x6E80',
    bearssl: 'nothing: it connects',
  },
  'tls13-only': {
    kind: 'settings',
    label: 'TLS 1.3 only',
    does: 'takes TLS 1.3 only, which most boards have not by default',
    mbedtls: '-0x7780',
    bearssl: '326',
  },
  'client-cert-required': {
    kind: 'settings',
    label: 'Client certificate required',
    does: 'asks for a client certificate and refuses who shows none, whatever the settings say',
    mbedtls: '-0x7780',
    bearssl: '296',
  },
  'client-cert-refused': {
    kind: 'settings',
    label: 'Client certificate refused',
    does: 'asks for a client certificate, trusts another CA than yours, and closes without a word (mosquitto sends an alert, which an ESP32 prints as -0x7780)',
    mbedtls: '-0x7280',
  },
  login: {
    kind: 'settings',
    label: 'Password required',
    does: 'lets TLS through and refuses every user name and password',
    mbedtls: 'rc=4',
    bearssl: 'rc=4',
  },
  stall: {
    kind: 'port',
    label: 'Stalls',
    does: 'takes the connection and never says a word',
    mbedtls: 'a timeout, after many seconds',
  },
  close: {
    kind: 'port',
    label: 'Closes at once',
    does: 'takes the connection and closes it',
    mbedtls: '-0x7280',
  },
  reset: {
    kind: 'port',
    label: 'Resets',
    does: 'answers the first bytes with a TCP reset',
    mbedtls: '-0x0050',
  },
  http: {
    kind: 'port',
    label: 'A web server',
    does: 'answers in HTTP',
    mbedtls: '-0x7200',
  },
  plain: {
    kind: 'port',
    label: 'MQTT without TLS',
    does: 'speaks plain MQTT on this port',
    mbedtls: '-0x7280',
  },
  garbage: {
    kind: 'port',
    label: 'Garbage',
    does: 'answers with bytes that mean nothing',
    mbedtls: '-0x7200',
  },
} as const satisfies Record<string, Fault>;

export type FaultId = keyof typeof BROKER_FAULTS;

export function isFaultId(text: string): text is FaultId {
  return Object.hasOwn(BROKER_FAULTS, text);
}

export function faultOf(id: FaultId): Fault {
  return BROKER_FAULTS[id];
}

/** One sentence for a log or a message. */
export function describeFault(id: FaultId): string {
  const { does, mbedtls, bearssl } = faultOf(id);
  const esp8266 =
    bearssl === undefined ? '' : `; an ESP8266: ${/^\d/.test(bearssl) ? `BearSSL error ${bearssl}` : bearssl}`;
  return `This broker ${does}. An ESP32 prints ${mbedtls}${esp8266}.`;
}
