// How board and broker know each other: by a key that both have. There are no certificates, and no names to compare.
#pragma once
#include "config.h"
#include "secrets.h"
#include "secureClient.h"

// The PSK identity is the device's name; the broker takes it as user name.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

inline void setupTls(SecureClient &tls) {
  tls.setPreSharedKey(DEVICE_ID, PSK_HEX);
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: nothing here has a date.
inline bool tlsReady(SecureClient &) { return true; }

inline void prepareConnection(SecureClient &) {}
