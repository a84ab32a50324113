// BearSSL on the ESP8266: it checks dates and names strictly, and needs memory the chip hardly has.
import type { Entry } from './entry';
import { memoryFixes } from './shared';
import { expired, notTrusted, wrongName } from './x509';

const H = 'bearssl inc/bearssl_x509.h; ESP8266WiFi src/WiFiClientSecureBearSSL.cpp';

export const bearsslEntries: Readonly<Record<string, Entry>> = {
  BR_ERR_X509_NOT_TRUSTED: {
    ...notTrusted,
    fixes: [
      {
        text: 'Call client.setTrustAnchors(&list) with a BearSSL::X509List of the root CA (setCACert() is the ESP32 API).',
      },
      ...notTrusted.fixes,
    ],
    sources: [H],
  },
  BR_ERR_X509_EXPIRED: {
    ...expired,
    causes: [
      {
        text: 'The clock of the board is not set: BearSSL always checks the dates, so the time must be known first.',
        source: H,
      },
      { text: 'The certificate is expired or not yet valid.', source: 'esp8266/Arduino issue #5019' },
    ],
    sources: [H],
  },
  BR_ERR_X509_TIME_UNKNOWN: {
    ...expired,
    title: 'BearSSL does not know the time, so it cannot check the certificate.',
    sources: [H],
  },
  BR_ERR_X509_BAD_SERVER_NAME: { ...wrongName, sources: [H] },
  BSSL_NO_AUTH_METHOD: {
    title: 'The client was told neither whom to trust nor to trust anybody, so the connection will fail.',
    causes: [
      {
        text: 'None of setTrustAnchors(), setFingerprint(), setKnownKey(), setInsecure() was called on this client.',
        source: H,
      },
    ],
    fixes: [{ text: 'Call client.setTrustAnchors(&list) with the root CA of the broker.' }],
    sources: ['Universal-Arduino-Telegram-Bot issue #111', H],
  },
  BSSL_HANDSHAKE_FAILED: {
    title: 'The TLS handshake failed; getLastSSLError() knows why.',
    causes: [{ text: 'Any reason: the number of getLastSSLError() or the line after this one names it.', source: H }],
    fixes: [{ text: 'Print client.getLastSSLError(buffer, size) right after the failed connect().' }],
    sources: [H],
  },
  BSSL_UNKNOWN: {
    title: 'BearSSL gave a number its Arduino wrapper has no sentence for: as a rule a TLS alert.',
    causes: [
      {
        text: '256 and more is a fatal alert that was received (256 + alert), 512 and more one that was sent.',
        source: 'bearssl inc/bearssl_ssl.h (BR_ERR_RECV_FATAL_ALERT)',
      },
    ],
    fixes: [{ text: 'Print the number that getLastSSLError() returns, and explain that.' }],
    sources: [H],
  },
  ERR_OOM: {
    title: 'There was not enough memory for a TLS connection.',
    causes: [
      {
        text: 'BearSSL needs about 22 kB of heap in large pieces and 6 kB of stack for a connection, of about 40 kB in all.',
        source: 'ESP8266 Arduino docs, BearSSL WiFi Classes',
      },
    ],
    fixes: memoryFixes,
    sources: [H],
  },
  BR_ERR_TOO_LARGE: {
    title: 'A record is larger than the receive buffer.',
    causes: [
      {
        text: 'setBufferSizes() was given less than the broker sends, and the broker does not do max fragment length.',
        source: H,
      },
    ],
    fixes: [{ text: 'Use probeMaxFragmentLength(), or a larger receive buffer (16 kB always fits).' }],
    sources: [H],
  },
  BR_ERR_IO: {
    title: 'The connection broke in the middle of TLS.',
    causes: [{ text: 'The broker closed it, the port speaks no TLS, or Wi-Fi went away.', source: H }],
    fixes: [{ text: 'Check the port (8883), and read the broker’s log.' }],
    sources: [H],
  },
};
