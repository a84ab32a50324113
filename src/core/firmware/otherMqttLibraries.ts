// MQTT libraries other than PubSubClient, and what to do by hand for TLS in a project that uses one.
import type { SourceFile } from '../diagnose/sourceSymbols';

interface OtherLibrary {
  readonly include: RegExp;
  readonly advice: string;
}

const LIBRARIES: readonly OtherLibrary[] = [
  {
    include: /[<"]AsyncMqttClient\.h[>"]/,
    advice:
      'it uses AsyncMqttClient, which checks no certificate chain: a fingerprint at most, and on the ESP32 it has no TLS at all. PubSubClient and espMqttClient do.',
  },
  {
    include: /[<"]espMqttClient\.h[>"]/,
    advice:
      'it uses espMqttClient. By hand: make the client an espMqttClientSecure, give it setCACert(), setCertificate() and setPrivateKey() (on an ESP8266 setTrustAnchors() and setClientECCert()), and take port 8883.',
  },
  {
    include: /[<"]MQTT(Client)?\.h[>"]/,
    advice:
      'it uses the library "MQTT" by Joël Gähwiler. By hand: make the network client a WiFiClientSecure, give it setCACert(), setCertificate() and setPrivateKey(), and call begin(HOST, 8883, net).',
  },
  {
    include: /[<"]Adafruit_MQTT(_Client)?\.h[>"]/,
    advice:
      'it uses Adafruit MQTT. By hand: make the network client a WiFiClientSecure, give it setCACert(), setCertificate() and setPrivateKey(), and take port 8883.',
  },
  {
    include: /[<"]ArduinoMqttClient\.h[>"]/,
    advice:
      'it uses ArduinoMqttClient. By hand: make the network client a WiFiClientSecure, give it setCACert(), setCertificate() and setPrivateKey(), and take port 8883.',
  },
  {
    include: /[<"]mqtt_client\.h[>"]/,
    advice:
      'it is an ESP-IDF program. By hand, in esp_mqtt_client_config_t: .broker.address.uri "mqtts://HOST:8883", .broker.verification.certificate, .credentials.authentication.certificate and .key.',
  },
];

/** Undefined where no such library is included. */
export function otherLibraryAdvice(files: readonly SourceFile[]): string | undefined {
  const includes = files.flatMap(({ text }) => text.match(/^\s*#\s*include\s*[<"][^>"]+[>"]/gm) ?? []).join('\n');
  return LIBRARIES.find(({ include }) => include.test(includes))?.advice;
}
