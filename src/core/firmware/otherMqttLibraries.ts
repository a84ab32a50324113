// MQTT libraries that bring their own TLS, and what to do by hand in a project that uses one.
import type { SourceFile } from '../diagnose/sourceSymbols';

interface OtherLibrary {
  readonly include: RegExp;
  readonly advice: string;
  /** Where each name of the advice stands. */
  readonly source: string;
}

const LIBRARIES: readonly OtherLibrary[] = [
  {
    include: /[<"]AsyncMqttClient\.h[>"]/,
    advice:
      'it uses AsyncMqttClient, which checks no certificate chain: a fingerprint at most, and on the ESP32 it has no TLS at all. PubSubClient and espMqttClient do.',
    source:
      'marvinroger/async-mqtt-client src/AsyncMqttClient.hpp (setSecure, addServerFingerprint under ASYNC_TCP_SSL_ENABLED); me-no-dev/AsyncTCP #8',
  },
  {
    include: /[<"]espMqttClient\.h[>"]/,
    advice:
      'it uses espMqttClient. By hand: make the client an espMqttClientSecure, give it setCACert(), setCertificate() and setPrivateKey() (on an ESP8266 setTrustAnchors() and setClientECCert(), and set the clock first), and take port 8883 in setServer().',
    source: 'bertmelis/espMqttClient src/espMqttClient.h (commit 094cd8a61077)',
  },
];

/** Undefined where no such library is included. */
export function otherLibraryAdvice(files: readonly SourceFile[]): string | undefined {
  const includes = files.flatMap(({ text }) => text.match(/^\s*#\s*include\s*[<"][^>"]+[>"]/gm) ?? []).join('\n');
  return LIBRARIES.find(({ include }) => include.test(includes))?.advice;
}
