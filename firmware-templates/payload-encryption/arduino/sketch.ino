// {{title|comment}}: {{device|comment}} reports to {{host|comment}} over MQTT without TLS; its payloads are encrypted.
// Made by Secure IoT (template {{template|comment}}). config.h has the settings, secrets.h what must not be shared.
#include <Arduino.h>
#include <PubSubClient.h>
#include "backoff.h"
#include "config.h"
#include "report.h"
#include "sealedChannel.h"
#include "secrets.h"
#include "sensor.h"
#include "statusLines.h"
#include "telemetry.h"
#include "wifiLink.h"

static WiFiClient network;  // plain TCP: topics and names can be read on the way, payloads cannot
static PubSubClient mqtt(network);
static WifiLink wifi;
static Backoff reconnect(1000, 60000);
static SealedChannel sealed;
static uint32_t connectedAt = 0;
static uint32_t lastTelemetry = 0;
static bool wasConnected = false;

// Only what is sealed with this device's key, for this topic, and newer than the last one gets here.
static void onCommand(const char *topic, const uint8_t *text, size_t length) {
  sayMessage(topic, text, length);
}

static void onMessage(char *topic, uint8_t *payload, unsigned int length) {
  static uint8_t text[MQTT_BUFFER_BYTES];
  size_t size = 0;
  switch (sealed.open(topic, payload, length, text, sizeof text, size)) {
    case SealedChannel::OPENED: onCommand(topic, text, size); break;
    case SealedChannel::NOT_AUTHENTIC:
      Serial.printf("[secure-iot] %s: refused, not sealed with this device's key for this topic\n", topic);
      break;
    case SealedChannel::REPLAYED: Serial.printf("[secure-iot] %s: refused, already seen (replay)\n", topic); break;
    case SealedChannel::NOT_STORED: Serial.printf("[secure-iot] %s: refused, flash cannot be written\n", topic); break;
  }
}

static bool publishSealed(const char *topic, const char *payload, bool retained) {
  static uint8_t message[MQTT_BUFFER_BYTES];
  size_t size = sealed.seal(topic, payload, strlen(payload), message, sizeof message);
  if (size > 0 && mqtt.publish(topic, message, size, retained)) return true;
  sayPublishFailed(strlen(payload), mqtt.getBufferSize());
  return false;
}

static void connectMqtt() {
  IPAddress address;
  if (!WiFi.hostByName(MQTT_HOST, address)) {
    reconnect.failed();
    sayNoDns(reconnect.pauseMs());
    return;
  }
  // The Last Will is in clear: the broker publishes it, and the broker has no key. It says that the connection ended.
  if (!mqtt.connect(DEVICE_ID, MQTT_USER, MQTT_PASSWORD, TOPIC_STATUS, 1, true, "offline", true)) {
    reconnect.failed();
    reportConnectFailure(mqtt.state(), reconnect.pauseMs());
    return;
  }
  wasConnected = true;
  connectedAt = millis();
  sayConnected(DEVICE_ID);
  publishSealed(TOPIC_STATUS, "online", true);
  mqtt.subscribe(TOPIC_COMMAND, 1);
}

static void sendTelemetry() {
  char payload[200];
  writeTelemetry(payload, sizeof payload);
  publishSealed(TOPIC_TELEMETRY, payload, false);
}

void setup() {
  Serial.begin(115200);
  delay(200);
  Serial.printf("\n[secure-iot] %s starts, broker %s:%u\n", DEVICE_ID, MQTT_HOST, static_cast<unsigned>(MQTT_PORT));

  startSensor();
  mqtt.setServer(MQTT_HOST, MQTT_PORT);
  mqtt.setKeepAlive(MQTT_KEEP_ALIVE_S);
  mqtt.setSocketTimeout(15);  // seconds
  mqtt.setCallback(onMessage);
  if (!mqtt.setBufferSize(MQTT_BUFFER_BYTES)) Serial.println("[secure-iot] no memory for the MQTT buffer");

  wifi.begin(WIFI_SSID, WIFI_PASSWORD);
}

void loop() {
  // begin() comes after the Wi-Fi: the radio's noise feeds the random generator.
  if (!wifi.up() || !sealed.begin()) {
    delay(50);
    return;
  }
  if (!mqtt.loop()) {
    if (wasConnected) {
      wasConnected = false;
      reconnect.failed();
      sayLost(mqtt.state(), reconnect.pauseMs());
    }
    if (reconnect.due()) connectMqtt();
    delay(10);
    return;
  }
  if (millis() - connectedAt > 60000UL) reconnect.succeeded();
  if (millis() - lastTelemetry >= TELEMETRY_INTERVAL_MS) {
    lastTelemetry = millis();
    sendTelemetry();
  }
  delay(10);
}
