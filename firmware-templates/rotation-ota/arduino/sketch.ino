// {{title|comment}}: reports to {{host|comment}} over MQTT, renews its certificate and takes signed updates.
// Made by Secure IoT (template {{template|comment}}). config.h has the settings, secrets.h what must not be shared.
#include <Arduino.h>
#include <PubSubClient.h>
#include "backoff.h"
#include "config.h"
#include "identity.h"
#include "probation.h"
#include "report.h"
#include "secrets.h"
#include "secureClient.h"
#include "sensor.h"
#include "signedUpdate.h"
#include "statusLines.h"
#include "telemetry.h"
#include "wifiLink.h"

#define AS_TEXT(value) #value
#define VALUE_AS_TEXT(macro) AS_TEXT(macro)

static SecureClient tls;
static PubSubClient mqtt(tls);
static WifiLink wifi;
static Backoff reconnect(1000, 60000);
static Identity identity;
static SignedUpdate update;
static Probation probation;
static char deviceName[Identity::NAME_BYTES];
static bool ready = false, wasConnected = false, renewalWanted = false;
static uint32_t connectedAt = 0, lastTelemetry = 0;
static char newCertificate[4000] = "";

static String topicOf(const char *name) { return String(TOPIC_PREFIX "/") + deviceName + "/" + name; }

// To the serial line and to the topic "event", so that whoever sends a certificate or an update sees what became of it.
static void tell(const char *what, const char *why) {
  char text[160];
  snprintf(text, sizeof text, "%s%s%s", what, why ? ": " : "", why ? why : "");
  Serial.printf("[secure-iot] %s\n", text);
  mqtt.publish(topicOf("event").c_str(), text);
}

static void takeUpdatePiece(uint8_t *payload, size_t length) {
  const char *reason = update.receive(payload, length);
  if (reason) tell("update given up", reason);
}

// payload points into the client's buffer: it is used up, or copied, before anything is published.
static void onMessage(char *topic, uint8_t *payload, unsigned int length) {
  if (topicOf("update/data") == topic) {
    takeUpdatePiece(payload, length);
  } else if (topicOf("update/offer") == topic) {
    const char *reason = update.offer(payload, length);
    tell(reason ? "update refused" : "update accepted", reason);
  } else if (topicOf("identity/renew") == topic) {
    renewalWanted = true;
  } else if (topicOf("identity/certificate") == topic && length < sizeof newCertificate) {
    memcpy(newCertificate, payload, length);
    newCertificate[length] = '\0';
  } else {
    Serial.printf("[secure-iot] %s: %u bytes\n", topic, length);
  }
}

static void connectMqtt() {
  IPAddress address;
  if (!WiFi.hostByName(MQTT_HOST, address)) {
    reconnect.failed();
    sayNoDns(reconnect.pauseMs());
    return;
  }
  identity.prepare(tls);
  if (!mqtt.connect(deviceName, nullptr, nullptr, topicOf("status").c_str(), 1, true, "offline", true)) {
    reconnect.failed();
    reportConnectFailure(tls, mqtt.state(), reconnect.pauseMs());
    if (identity.refused()) Serial.println("[secure-iot] the new certificate did not work: back to the old one");
    return;
  }
  wasConnected = true;
  connectedAt = millis();
  sayConnected(deviceName);
  mqtt.publish(topicOf("status").c_str(), "online", true);
  mqtt.subscribe(topicOf("identity/+").c_str(), 1);
  mqtt.subscribe(topicOf("update/+").c_str(), 1);
  if (identity.accepted()) tell("certificate renewed", nullptr);
  if (probation.passed()) tell("update confirmed, firmware version " VALUE_AS_TEXT(FIRMWARE_VERSION), nullptr);
}

static void sendRequest() {
  static char csr[1024];
  renewalWanted = false;
  if (!identity.request(deviceName, csr, sizeof csr)) {
    tell("renewal given up", "no key could be made or stored");
    return;
  }
  // Retained: whoever signs it need not be there at this moment.
  if (mqtt.publish(topicOf("csr").c_str(), csr, true)) tell("certificate requested", nullptr);
}

static void tryCertificate() {
  const char *reason = identity.offer(newCertificate, deviceName);
  newCertificate[0] = '\0';
  tell(reason ? "certificate refused" : "certificate on trial", reason);
  if (!reason) mqtt.disconnect();  // the next connection is made with it
}

static void runUpdate() {
  uint32_t offset;
  if (update.wants(offset)) {
    char text[12];
    snprintf(text, sizeof text, "%u", static_cast<unsigned>(offset));
    mqtt.publish(topicOf("want").c_str(), text);
  }
  if (!update.complete()) return;
  const char *reason = update.finish();
  tell(reason ? "update given up" : "update installed, restarting", reason);
  if (reason) return;
  mqtt.disconnect();
  delay(500);
  ESP.restart();
}

static void sendTelemetry() {
  char payload[200];
  writeTelemetry(payload, sizeof payload, ",\"firmware\":" VALUE_AS_TEXT(FIRMWARE_VERSION));
  if (!mqtt.publish(topicOf("telemetry").c_str(), payload) && mqtt.connected()) {
    sayPublishFailed(strlen(payload), mqtt.getBufferSize());
  }
}

void setup() {
  Serial.begin(115200);
  delay(200);
  // "update sign" reads the number from this text in the image.
  Serial.println("\n[secure-iot] firmware version " VALUE_AS_TEXT(FIRMWARE_VERSION));
  probation.begin();
  ready = identity.begin(deviceName);
  if (!ready) return;
  Serial.printf("[secure-iot] %s starts, broker %s:%u\n", deviceName, MQTT_HOST, static_cast<unsigned>(MQTT_PORT));

  startSensor();
  // No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. The broker
  // does, so renew in time.
  tls.setHandshakeTimeout(30);  // seconds
  mqtt.setServer(MQTT_HOST, MQTT_PORT);
  mqtt.setKeepAlive(MQTT_KEEP_ALIVE_S);
  mqtt.setSocketTimeout(15);  // seconds
  mqtt.setCallback(onMessage);
  if (!mqtt.setBufferSize(MQTT_BUFFER_BYTES)) Serial.println("[secure-iot] no memory for the MQTT buffer");

  wifi.begin(WIFI_SSID, WIFI_PASSWORD);
}

void loop() {
  probation.check();
  if (!ready || !wifi.up()) {
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
  if (renewalWanted) sendRequest();
  if (newCertificate[0] != '\0') tryCertificate();
  runUpdate();
  if (millis() - lastTelemetry >= TELEMETRY_INTERVAL_MS) {
    lastTelemetry = millis();
    sendTelemetry();
  }
  delay(1);
}
