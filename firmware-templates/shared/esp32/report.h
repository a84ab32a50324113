// One line that says why a connection failed: PubSubClient's rc alone hides the TLS cause. Secure IoT's serial monitor
// explains the codes in it.
#pragma once
#include <Arduino.h>
#include <WiFi.h>
#include "secureClient.h"
#include "wallClock.h"

inline unsigned largestBlock() { return ESP.getMaxAllocHeap(); }

// rc is PubSubClient's state(). Call it right after connect() failed, before anything else uses the client.
inline void reportConnectFailure(SecureClient &tls, int rc, uint32_t retryMs) {
  char text[128] = "";
  char code[16] = "none";  // no TLS error: the handshake went through, or never began
  int error = tls.lastError(text, sizeof text);
  if (error < -1) {
    snprintf(code, sizeof code, "-0x%04X", static_cast<unsigned>(-error));
  } else if (error == -1) {
    // arduino-esp32's own -1 stands for socket, connect and time-out failures; Mbed TLS gave no code.
    snprintf(code, sizeof code, "-1");
    snprintf(text, sizeof text, "no TLS code: the TCP connection or the handshake timed out or was refused");
  } else {
    text[0] = '\0';
  }
  char when[32];
  printTime(when, sizeof when);
  Serial.printf("[secure-iot] connect failed rc=%d tls=%s \"%s\" heap=%u largest=%u time=%s rssi=%d retry=%ums\n", rc, code,
                text, static_cast<unsigned>(ESP.getFreeHeap()), largestBlock(), when, static_cast<int>(WiFi.RSSI()),
                static_cast<unsigned>(retryMs));
}
