// One line that says why a connection failed. Secure IoT's serial monitor explains the codes in it.
#pragma once
#include <Arduino.h>
#ifdef ESP8266
#include <ESP8266WiFi.h>
#else
#include <WiFi.h>
#endif
#include "wallClock.h"

#ifdef ESP8266
inline unsigned largestBlock() { return ESP.getMaxFreeBlockSize(); }
#else
inline unsigned largestBlock() { return ESP.getMaxAllocHeap(); }
#endif

// rc is PubSubClient's state(). There is no TLS here, and nothing that needs the time: it is printed for who reads.
inline void reportConnectFailure(int rc, uint32_t retryMs) {
  char when[32];
  printTime(when, sizeof when);
  Serial.printf("[secure-iot] connect failed rc=%d tls=none \"\" heap=%u largest=%u time=%s rssi=%d retry=%ums\n", rc,
                static_cast<unsigned>(ESP.getFreeHeap()), largestBlock(), when, static_cast<int>(WiFi.RSSI()),
                static_cast<unsigned>(retryMs));
}
