// What the program prints on its way to the broker. Secure IoT's serial monitor knows these lines.
#pragma once
#include <Arduino.h>
#include "config.h"
#include "report.h"

inline void sayNoDns(uint32_t retryMs) {
  Serial.printf("[secure-iot] DNS Failed for %s, retry=%ums\n", MQTT_HOST, static_cast<unsigned>(retryMs));
}

inline void sayConnected(const char *name) {
  Serial.printf("[secure-iot] connected to %s:%u as %s heap=%u largest=%u\n", MQTT_HOST, static_cast<unsigned>(MQTT_PORT),
                name, static_cast<unsigned>(ESP.getFreeHeap()), largestBlock());
}

// rc is PubSubClient's state().
inline void sayLost(int rc, uint32_t retryMs) {
  Serial.printf("[secure-iot] connection lost rc=%d, retry=%ums\n", rc, static_cast<unsigned>(retryMs));
}

inline void sayPublishFailed(size_t bytes, unsigned buffer) {
  Serial.printf("[secure-iot] publish failed: %u bytes, buffer %u\n", static_cast<unsigned>(bytes), buffer);
}

inline void sayMessage(const char *topic, const uint8_t *payload, size_t length) {
  Serial.printf("[secure-iot] %s: %u bytes\n", topic, static_cast<unsigned>(length));
  Serial.write(payload, length);
  Serial.println();
}
