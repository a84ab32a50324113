// Plain MQTT sketches as people write them, for ESP32 and ESP8266, and those that no edit can secure by itself.
import type { SourceFile } from '../../src/core/diagnose/sourceSymbols';

export interface VariedSketch {
  readonly name: string;
  /** Cores that the secured sketch must compile for. */
  readonly cores: readonly ('esp32-2' | 'esp32-3' | 'esp8266')[];
  readonly files: readonly SourceFile[];
  readonly expects: readonly RegExp[];
}

export interface RefusedSketch {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly code: string;
  readonly reason: RegExp;
}

const ino = (text: string, path = 'plain.ino'): SourceFile => ({ path, text });
const LOOP = 'void loop() {\n  if (!mqtt.connected()) mqtt.connect("sensor-1");\n  mqtt.loop();\n  delay(10);\n}\n';
const JOIN = 'WiFi.begin("home", "password");\n  while (WiFi.status() != WL_CONNECTED) delay(10);\n';
const ESP32 = ['esp32-2', 'esp32-3'] as const;
const IDENTITY = /setCACert\(ROOT_CA\);\s+\w+\.setCertificate\(DEVICE_CERT\);\s+\w+\.setPrivateKey\(DEVICE_KEY\);/;

export const VARIED_SKETCHES: readonly VariedSketch[] = [
  {
    name: 'everything on one line',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() { ${JOIN} mqtt.setServer("broker.test", 1883); }\n${LOOP}`,
      ),
    ],
    expects: [/^WiFiClientSecure net;$/m, IDENTITY, /setServer\("broker\.test", 8883\)/],
  },
  {
    name: 'no line between the includes and the client',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nNetworkClient wifiClient; PubSubClient mqtt{wifiClient};\n#define BROKER_PORT 1883\nvoid setup() {\n  Serial.begin(115200);\n  ${JOIN}  mqtt.setServer("broker.test", BROKER_PORT);\n}\n${LOOP}`.replace(
          'NetworkClient',
          'WiFiClient',
        ),
      ),
    ],
    expects: [
      /#include <WiFiClientSecure\.h>\n#include "certificates\.h"\n#include "secrets\.h"\nWiFiClientSecure wifiClient;/,
    ],
  },
  {
    name: 'server, port and callback in the constructor',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nvoid callback(char *, uint8_t *, unsigned int) {}\nconst char *server = "broker.test";\nWiFiClient ethClient;\nPubSubClient mqtt(server, 1883, callback, ethClient);\nvoid setup() {\n  ${JOIN}}\n${LOOP}`,
      ),
    ],
    expects: [/void setup\(\) \{\n {2}ethClient\.setCACert\(ROOT_CA\);/, /mqtt\(server, 8883, callback, ethClient\)/],
  },
  {
    name: "WiFiManager's example: the port is text, the client's name is its own",
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nchar mqtt_server[40] = "broker.test";\nchar mqtt_port[6] = "1883";\nWiFiClient espClient;\nPubSubClient mqtt(espClient);\nvoid setup() {\n  ${JOIN}  mqtt.setServer(mqtt_server, atoi(mqtt_port));\n}\n${LOOP}`,
      ),
    ],
    expects: [/mqtt_port\[6\] = "8883";/, IDENTITY],
  },
  {
    name: 'two clients, of which one is for the web',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient web;\nWiFiClient broker;\nPubSubClient mqtt(broker);\nvoid setup() {\n  ${JOIN}  mqtt.setServer("broker.test", 1883);\n  web.stop();\n}\n${LOOP}`,
      ),
    ],
    expects: [/^WiFiClient web;$/m, /^WiFiClientSecure broker;$/m, /broker\.setCACert/],
  },
  {
    name: 'two clients, the broker got its one by setClient()',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient web;\nWiFiClient broker;\nPubSubClient mqtt;\nvoid setup() {\n  ${JOIN}  mqtt.setClient(broker);\n  mqtt.setServer("broker.test", 1883);\n  web.stop();\n}\n${LOOP}`,
      ),
    ],
    expects: [/^WiFiClient web;$/m, /^WiFiClientSecure broker;$/m],
  },
  {
    name: 'a class in a header of its own, with an include guard',
    cores: ESP32,
    files: [
      ino(
        `#include "Reporter.h"\nReporter reporter;\nvoid setup() {\n  ${JOIN}  reporter.begin();\n}\nvoid loop() { reporter.run(); }\n`,
      ),
      {
        path: 'Reporter.h',
        text: `#ifndef REPORTER_H\n#define REPORTER_H\n#include <WiFi.h>\n#include <PubSubClient.h>\n\nclass Reporter {\npublic:\n  Reporter() : mqtt(net) {}\n  void begin() {\n    mqtt.setServer("broker.test", 1883);\n  }\n  void run() {\n    if (!mqtt.connected()) mqtt.connect("sensor-1");\n    mqtt.loop();\n    delay(10);\n  }\nprivate:\n  WiFiClient net;\n  PubSubClient mqtt;\n};\n#endif\n`,
      },
    ],
    expects: [
      /#include <PubSubClient\.h>\n#include <WiFiClientSecure\.h>/,
      /^ {2}WiFiClientSecure net;$/m,
      /^ {4}net\.setCACert/m,
    ],
  },
  {
    name: 'includes under conditions for both chips',
    cores: ['esp32-2', 'esp32-3', 'esp8266'],
    files: [
      ino(
        `#ifdef ESP8266\n#include <ESP8266WiFi.h>\n#else\n#include <WiFi.h>\n#endif\n#include <PubSubClient.h>\n#ifdef DEBUG\n#include <stdio.h>\n#endif\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() {\n  ${JOIN}  mqtt.setServer("broker.test", 1883);\n}\n${LOOP}`,
      ),
    ],
    expects: [
      /#endif\n#include <WiFiClientSecure\.h>/,
      /#ifdef ESP8266\n {2}static BearSSL::X509List[\s\S]*#else\n {2}net\.setCACert/,
    ],
  },
  {
    name: 'an ESP8266 whose connect() stands in a condition over several lines',
    cores: ['esp8266'],
    files: [
      ino(
        `#include <ESP8266WiFi.h>\n#include <PubSubClient.h>\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() {\n  ${JOIN}  mqtt.setServer("broker.test", 1883);\n}\nvoid loop() {\n  if (WiFi.status() == WL_CONNECTED &&\n      !mqtt.connected() &&\n      mqtt.connect("sensor-1")) {\n    Serial.println("connected");\n  } else if (!mqtt.connected()) mqtt.connect("sensor-1");\n  mqtt.loop();\n  delay(10);\n}\n`,
      ),
    ],
    expects: [/delay\(100\);[^\n]*\n {2}if \(WiFi\.status\(\)/, /BearSSL::WiFiClientSecure net;/],
  },
  {
    name: 'Windows line ends, names that are taken, a buffer that is set already',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <PubSubClient.h>\nstatic const char ROOT_CA[] = "mine";\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() {\n  ${JOIN}  Serial.println(ROOT_CA);\n  mqtt.setBufferSize(2048);\n  mqtt.setServer("broker.test", 1883).setKeepAlive(30);\n}\n${LOOP}`.replaceAll(
          '\n',
          '\r\n',
        ),
      ),
    ],
    expects: [/net\.setCACert\(MQTT_ROOT_CA\)/, /MQTT_ROOT_CA\[\] PROGMEM/, /8883\)\.setKeepAlive\(30\)/],
  },
  {
    name: 'an extern declaration in a header, the server set in another file',
    cores: ESP32,
    files: [
      ino(
        `#include "net.h"\nWiFiClient net;\nPubSubClient mqtt(net);\n#include "start.h"\nvoid setup() {\n  ${JOIN}  start();\n}\n${LOOP}`,
      ),
      {
        path: 'net.h',
        text: '#pragma once\n#include <WiFi.h>\n#include <PubSubClient.h>\nextern WiFiClient net;\nextern PubSubClient mqtt;\n',
      },
      {
        path: 'start.h',
        text: '#include "net.h"\ninline void start() {\n\tif (true)\n\t\tmqtt.setServer("broker.test", 1883);\n}\n',
      },
    ],
    expects: [
      /extern WiFiClientSecure net;/,
      /\tnet\.setCACert\(ROOT_CA\);\n\tnet\.setCertificate[\s\S]*\n\tif \(true\)/,
    ],
  },
  {
    name: 'arduino-mqtt: begin() without a port, Serial.begin() beside it',
    cores: ['esp32-2', 'esp32-3', 'esp8266'],
    files: [
      ino(
        `#ifdef ESP8266\n#include <ESP8266WiFi.h>\n#else\n#include <WiFi.h>\n#endif\n#include <MQTT.h>\nWiFiClient net;\nMQTTClient mqtt(256);\nvoid setup() {\n  Serial.begin(115200);\n  ${JOIN}  mqtt.begin("broker.test", net);\n}\n${LOOP}`,
      ),
    ],
    expects: [/begin\("broker\.test", 8883, net\)/, /Serial\.begin\(115200\)/, IDENTITY],
  },
  {
    name: 'arduino-mqtt with two clients: the one that begin() gets, and its port by name',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <MQTT.h>\nWiFiClient web;\nWiFiClient net;\nconst int port = 1883;\nMQTTClient mqtt;\nvoid setup() {\n  ${JOIN}  mqtt.begin("broker.test", port, net);\n  web.stop();\n}\n${LOOP}`,
      ),
    ],
    expects: [/^WiFiClient web;$/m, /^WiFiClientSecure net;$/m, /const int port = 8883;/],
  },
  {
    name: 'Adafruit MQTT: everything in the constructor',
    cores: ESP32,
    files: [
      ino(
        `#include <WiFi.h>\n#include <Adafruit_MQTT_Client.h>\n#define AIO_SERVERPORT 1883\nWiFiClient client;\nAdafruit_MQTT_Client mqtt(&client, "broker.test", AIO_SERVERPORT, "sensor-1", "", "");\nvoid setup() {\n  ${JOIN}}\nvoid loop() {\n  if (!mqtt.connected()) mqtt.connect();\n  mqtt.ping();\n  delay(10);\n}\n`,
      ),
    ],
    expects: [/AIO_SERVERPORT 8883/, /void setup\(\) \{\n {2}client\.setCACert\(ROOT_CA\);/],
  },
  {
    name: 'ArduinoMqttClient: connect() with the host alone, in a loop',
    cores: ['esp32-3', 'esp8266'],
    files: [
      ino(
        `#ifdef ESP8266\n#include <ESP8266WiFi.h>\n#else\n#include <WiFi.h>\n#endif\n#include <ArduinoMqttClient.h>\nWiFiClient wifiClient;\nMqttClient mqttClient(wifiClient);\nvoid setup() {\n  ${JOIN}  mqttClient.setId("sensor-1");\n  while (!mqttClient.connect("broker.test")) {\n    Serial.println("again");\n    delay(500);\n  }\n}\nvoid loop() {\n  mqttClient.poll();\n  delay(10);\n}\n`,
      ),
    ],
    expects: [
      /connect\("broker\.test", 8883\)/,
      /wifiClient\.setCACert\(ROOT_CA\);/,
      /delay\(100\);[^\n]*\n#endif\n {2}while/,
    ],
  },
];

const PLAIN = `#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() {\n  mqtt.setServer("broker.test", 1883);\n}\n${LOOP}`;

export const REFUSED_SKETCHES: readonly RefusedSketch[] = [
  {
    name: 'no PubSubClient',
    files: [ino('void setup() {}')],
    code: 'sketch-not-plain',
    reason: /does not include PubSubClient/,
  },
  ...(
    [
      ['AsyncMqttClient.h', /AsyncMqttClient, which checks no certificate chain/],
      ['espMqttClient.h', /make the client an espMqttClientSecure/],
    ] as const
  ).map(([header, reason]) => ({
    name: `another library, ${header}`,
    files: [ino(`#include <WiFi.h>\n#include <${header}>\nvoid setup() {}`)],
    code: 'sketch-not-plain',
    reason,
  })),
  {
    name: 'arduino-mqtt whose host is set elsewhere',
    files: [
      ino(
        '#include <WiFi.h>\n#include <MQTT.h>\nWiFiClient net;\nMQTTClient mqtt;\nvoid setup() { mqtt.begin(net); }\n',
      ),
    ],
    code: 'sketch-not-plain',
    reason: /does not call begin\(\) with a host on its MQTTClient/,
  },
  {
    name: 'Adafruit MQTT without its client',
    files: [ino('#include <WiFi.h>\n#include <Adafruit_MQTT_Client.h>\nWiFiClient net;\n')],
    code: 'sketch-not-plain',
    reason: /declares no Adafruit_MQTT_Client/,
  },
  {
    name: 'a board of another maker',
    files: [ino(PLAIN.replace('WiFi.h', 'WiFiNINA.h'))],
    code: 'sketch-not-plain',
    reason: /WiFiNINA\.h, which is neither an ESP32 nor an ESP8266/,
  },
  {
    name: 'no client',
    files: [ino('#include <PubSubClient.h>\n')],
    code: 'sketch-not-plain',
    reason: /no WiFiClient variable/,
  },
  {
    name: 'a client made with new',
    files: [ino(PLAIN.replace('WiFiClient net;', 'WiFiClient *net = new WiFiClient();'))],
    code: 'sketch-not-plain',
    reason: /with "new"/,
  },
  {
    name: 'Ethernet',
    files: [ino(PLAIN.replace('WiFiClient net;', 'EthernetClient net;'))],
    code: 'sketch-not-plain',
    reason: /Ethernet/,
  },
  {
    name: 'two clients, and no telling which is the broker’s',
    files: [ino(PLAIN.replace('PubSubClient mqtt(net)', 'WiFiClient other;\nPubSubClient mqtt(*pick())'))],
    code: 'sketch-not-plain',
    reason: /2 WiFiClient variables \(net, other\)/,
  },
  {
    name: 'two brokers',
    files: [ino(PLAIN.replace('PubSubClient mqtt(net);', 'PubSubClient mqtt(net);\nPubSubClient second(net);'))],
    code: 'sketch-not-plain',
    reason: /2 PubSubClients \(mqtt, second\)/,
  },
  {
    name: 'a server set behind an else',
    files: [ino(PLAIN.replace('  mqtt.set', '  if (x) y(); else mqtt.set'))],
    code: 'sketch-not-plain',
    reason: /line of its own/,
  },
  {
    name: 'TLS with a CA',
    files: [ino(`${PLAIN}void x() { net.setCACert(CA); }`)],
    code: 'sketch-secure-already',
    reason: /TLS already/,
  },
  {
    name: 'TLS with a fingerprint',
    files: [ino(`${PLAIN}void x() { net.setFingerprint(F); }`)],
    code: 'sketch-secure-already',
    reason: /TLS already/,
  },
  {
    name: 'TLS without a check',
    files: [
      ino(
        PLAIN.replace('WiFiClient net;', 'WiFiClientSecure net;').replace(
          '  mqtt.set',
          '  net.setInsecure();\n  mqtt.set',
        ),
      ),
    ],
    code: 'sketch-secure-already',
    reason: /tells it no CA to trust/,
  },
];
