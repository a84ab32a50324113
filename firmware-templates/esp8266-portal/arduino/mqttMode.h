// The start mode in which the board does its work: MQTT over TLS.
#pragma once
#include <Arduino.h>
#include <PubSubClient.h>
#include "backoff.h"
#include "config.h"
#include "report.h"
#include "secureClient.h"
#include "sensor.h"
#include "statusLines.h"
#include "telemetry.h"
#include "tlsSetup.h"
#include "wifiLink.h"
#include "wifiSettings.h"

// Made when this mode starts, never in the other one.
struct MqttMode {
  MqttMode() : mqtt(tls), reconnect(1000, 60000) {}
  SecureClient tls;
  PubSubClient mqtt;
  WifiLink wifi;
  Backoff reconnect;
  uint32_t connectedAt = 0, lastTelemetry = 0;
  bool wasConnected = false;
};
static MqttMode *mode = nullptr;

inline void onMessage(char *topic, uint8_t *payload, unsigned int length) {
  // topic and payload point into the client's buffer: copy what you need before you publish.
  sayMessage(topic, payload, length);
}

inline void connectMqtt() {
  PubSubClient &mqtt = mode->mqtt;
  IPAddress address;
  if (!WiFi.hostByName(MQTT_HOST, address)) {
    mode->reconnect.failed();
    sayNoDns(mode->reconnect.pauseMs());
    return;
  }
  prepareConnection(mode->tls);
  if (!mqtt.connect(DEVICE_ID, MQTT_USER, MQTT_PASSWORD, TOPIC_STATUS, 1, true, "offline", true)) {
    mode->reconnect.failed();
    reportConnectFailure(mode->tls, mqtt.state(), mode->reconnect.pauseMs());
    return;
  }
  mode->wasConnected = true;
  mode->connectedAt = millis();
  sayConnected(DEVICE_ID);
  mqtt.publish(TOPIC_STATUS, "online", true);
  mqtt.subscribe(TOPIC_COMMAND, 1);
}

inline void sendTelemetry() {
  char payload[200];
  writeTelemetry(payload, sizeof payload);
  if (!mode->mqtt.publish(TOPIC_TELEMETRY, payload) && mode->mqtt.connected()) {
    sayPublishFailed(strlen(payload), mode->mqtt.getBufferSize());
  }
}

// `settings` must live as long as the program: the Wi-Fi link keeps pointers into it.
inline void startMqtt(const WifiSettings &settings) {
  mode = new MqttMode();
  startSensor();
  setupTls(mode->tls);
  mode->mqtt.setServer(MQTT_HOST, MQTT_PORT);
  mode->mqtt.setKeepAlive(MQTT_KEEP_ALIVE_S);
  mode->mqtt.setSocketTimeout(15);  // seconds
  mode->mqtt.setCallback(onMessage);
  if (!mode->mqtt.setBufferSize(MQTT_BUFFER_BYTES)) Serial.println("[secure-iot] no memory for the MQTT buffer");
  mode->wifi.begin(settings.ssid, settings.password);
}

inline void runMqtt() {
  if (!mode->wifi.up() || !tlsReady(mode->tls)) {
    delay(50);
    return;
  }
  if (!mode->mqtt.loop()) {
    if (mode->wasConnected) {
      mode->wasConnected = false;
      mode->reconnect.failed();
      sayLost(mode->mqtt.state(), mode->reconnect.pauseMs());
    }
    if (mode->reconnect.due()) connectMqtt();
    delay(10);
    return;
  }
  if (millis() - mode->connectedAt > 60000UL) mode->reconnect.succeeded();
  if (millis() - mode->lastTelemetry >= TELEMETRY_INTERVAL_MS) {
    mode->lastTelemetry = millis();
    sendTelemetry();
  }
  delay(10);
}
