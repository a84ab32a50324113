// One line that says why a connection failed: PubSubClient's rc alone hides the TLS cause. Secure IoT's serial monitor
// explains the codes in it.
#pragma once
#include <Arduino.h>
#include <ESP8266WiFi.h>
#include <PubSubClient.h>
#include "secureClient.h"
#include "wallClock.h"

inline unsigned largestBlock() { return ESP.getMaxFreeBlockSize(); }

// rc is PubSubClient's state(). Call it right after connect() failed: stop() forgets the TLS error.
inline void reportConnectFailure(SecureClient &tls, int rc, uint32_t retryMs) {
  char text[128] = "";
  int error = tls.getLastSSLError(text, sizeof text);  // BearSSL's own numbers, 0 where TLS is not to blame
  if (error == 0) {
    // The core tells BearSSL nothing of a line that the broker closes: then there is no number either.
    bool refused = rc == MQTT_CONNECT_FAILED;
    snprintf(text, sizeof text, "%s", refused ? "no TLS code: no TCP connection, or the broker hung up" : "");
  }
  char when[32];
  printTime(when, sizeof when);
  Serial.printf("[secure-iot] connect failed rc=%d sslerr=%d \"%s\" heap=%u largest=%u time=%s rssi=%d retry=%ums\n", rc,
                error, text, static_cast<unsigned>(ESP.getFreeHeap()), largestBlock(), when,
                static_cast<int>(WiFi.RSSI()), static_cast<unsigned>(retryMs));
}
