// One line that says why a connection failed: PubSubClient's rc alone hides the TLS cause. Secure IoT's serial monitor
// explains the codes in it.
#pragma once
#include <Arduino.h>
#include <ESP8266WiFi.h>
#include <time.h>
#include "secureClient.h"

inline unsigned largestBlock() { return ESP.getMaxFreeBlockSize(); }

// The clock in UTC, or "unset" while it never was set.
inline void printTime(char *out, size_t size) {
  time_t now = time(nullptr);
  struct tm utc;
  if (now < 1600000000 || !gmtime_r(&now, &utc)) {
    snprintf(out, size, "unset");
  } else {
    strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
  }
}

// rc is PubSubClient's state(). Call it right after connect() failed: stop() forgets the TLS error.
inline void reportConnectFailure(SecureClient &tls, int rc, uint32_t retryMs) {
  char text[128] = "";
  int error = tls.getLastSSLError(text, sizeof text);  // BearSSL's own numbers, 0 where TLS is not to blame
  if (error == 0) text[0] = '\0';
  char when[24];
  printTime(when, sizeof when);
  Serial.printf("[secure-iot] connect failed rc=%d sslerr=%d \"%s\" heap=%u largest=%u time=%s rssi=%d retry=%ums\n", rc,
                error, text, static_cast<unsigned>(ESP.getFreeHeap()), largestBlock(), when,
                static_cast<int>(WiFi.RSSI()), static_cast<unsigned>(retryMs));
}
