// MQTT libraries other than PubSubClient, and what to do by hand for TLS in a project that uses one.
import type { SourceFile } from '../diagnose/sourceSymbols';

interface OtherLibrary {
  readonly include: RegExp;
  readonly advice: string;
  /** Where each name of the advice stands. */
  readonly source: string;
}

/** For a library that takes any Arduino `Client`. Source: both cores' WiFiClientSecure.h. */
const NETWORK_CLIENT =
  'make the network client a WiFiClientSecure and give it setCACert(), setCertificate() and setPrivateKey() (on an ESP8266 setTrustAnchors() and setClientECCert(), and set the clock first)';

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
  {
    include: /[<"]MQTT(Client)?\.h[>"]/,
    advice: `it uses the library "MQTT" by Joël Gähwiler. By hand: ${NETWORK_CLIENT}, and call begin(HOST, 8883, net): without a port it takes 1883.`,
    source: '256dpi/arduino-mqtt src/MQTTClient.h, README.md (2.x)',
  },
  {
    include: /[<"]Adafruit_MQTT(_Client)?\.h[>"]/,
    advice: `it uses Adafruit MQTT. By hand: ${NETWORK_CLIENT}, and take port 8883 in the constructor of Adafruit_MQTT_Client.`,
    source: 'adafruit/Adafruit_MQTT_Library Adafruit_MQTT_Client.h (commit 23f919adc360)',
  },
  {
    include: /[<"]ArduinoMqttClient\.h[>"]/,
    advice: `it uses ArduinoMqttClient. By hand: ${NETWORK_CLIENT}, and call connect(HOST, 8883): without a port it takes 1883.`,
    source: 'arduino-libraries/ArduinoMqttClient src/MqttClient.h (commit 0179fcdc5a9f)',
  },
  {
    include: /[<"]mqtt_client\.h[>"]/,
    advice:
      'it is an ESP-IDF program. By hand, in esp_mqtt_client_config_t: .broker.address.uri "mqtts://HOST:8883", .broker.verification.certificate, .credentials.authentication.certificate and .key (before ESP-IDF 5: .uri, .cert_pem, .client_cert_pem and .client_key_pem).',
    source: 'espressif/esp-mqtt include/mqtt_client.h (commit 0089418a775e; ESP-IDF 4: branch release/v4.4)',
  },
];

/** Undefined where no such library is included. */
export function otherLibraryAdvice(files: readonly SourceFile[]): string | undefined {
  const includes = files.flatMap(({ text }) => text.match(/^\s*#\s*include\s*[<"][^>"]+[>"]/gm) ?? []).join('\n');
  return LIBRARIES.find(({ include }) => include.test(includes))?.advice;
}
