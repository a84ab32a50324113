// {{title|comment}}: {{device|comment}} reports to {{host|comment}} over MQTT.
// Made by Secure IoT (template {{template|comment}}). config.h has the settings, secrets.h what must not be shared.
#include <Arduino.h>
#include <PubSubClient.h>
#include "backoff.h"
#include "config.h"
#include "report.h"
#include "secrets.h"
#include "secureClient.h"
#include "sensor.h"
#include "statusLines.h"
#include "telemetry.h"
#include "tlsSetup.h"
#include "wifiLink.h"

static SecureClient tls;
static PubSubClient mqtt(tls);
static WifiLink wifi;
static Backoff reconnect(1000, 60000);
static uint32_t connectedAt = 0;
static uint32_t lastTelemetry = 0;
static bool wasConnected = false;

static void onMessage(char *topic, uint8_t *payload, unsigned int length) {
  // topic and payload point into the client's buffer: copy what you need before you publish.
  sayMessage(topic, payload, length);
}

static void connectMqtt() {
  IPAddress address;
  if (!WiFi.hostByName(MQTT_HOST, address)) {
    reconnect.failed();
    sayNoDns(reconnect.pauseMs());
    return;
  }
  prepareConnection(tls);
  if (!mqtt.connect(DEVICE_ID, MQTT_USER, MQTT_PASSWORD, TOPIC_STATUS, 1, true, "offline", true)) {
    reconnect.failed();
    reportConnectFailure(tls, mqtt.state(), reconnect.pauseMs());
    return;
  }
  wasConnected = true;
  connectedAt = millis();
  sayConnected(DEVICE_ID);
  mqtt.publish(TOPIC_STATUS, "online", true);
  mqtt.subscribe(TOPIC_COMMAND, 1);
}

static void sendTelemetry() {
  char payload[200];
  writeTelemetry(payload, sizeof payload);
  if (!mqtt.publish(TOPIC_TELEMETRY, payload) && mqtt.connected()) {
    sayPublishFailed(strlen(payload), mqtt.getBufferSize());
  }
}

void setup() {
  Serial.begin(115200);
  delay(200);
  Serial.printf("\n[secure-iot] %s starts, broker %s:%u\n", DEVICE_ID, MQTT_HOST, static_cast<unsigned>(MQTT_PORT));

  startSensor();
  setupTls(tls);
  mqtt.setServer(MQTT_HOST, MQTT_PORT);
  mqtt.setKeepAlive(MQTT_KEEP_ALIVE_S);
  mqtt.setSocketTimeout(15);  // seconds
  mqtt.setCallback(onMessage);
  if (!mqtt.setBufferSize(MQTT_BUFFER_BYTES)) Serial.println("[secure-iot] no memory for the MQTT buffer");

  wifi.begin(WIFI_SSID, WIFI_PASSWORD);
}

void loop() {
  if (!wifi.up() || !tlsReady(tls)) {
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
