// Whom this device trusts, and how it proves who it is: read from the namespace "tls" of the NVS partition.
#pragma once
#include <Preferences.h>
#include "secureClient.h"

// The certificate says who this is; no user name on top.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

// A copy that lives as long as the program: the client keeps the pointers. NVS strings have at most 4000 bytes.
inline const char *loadPem(Preferences &store, const char *name) {
  static char text[4000];
  size_t length = store.getString(name, text, sizeof text);
  char *copy = length > 0 ? strdup(text) : nullptr;
  memset(text, 0, sizeof text);
  if (!copy) Serial.printf("[secure-iot] NVS has no \"%s\" in \"tls\": write nvs.bin to the nvs partition (README.md)\n", name);
  return copy;
}

inline bool &identityLoaded() {
  static bool loaded = false;
  return loaded;
}

inline void setupTls(SecureClient &tls) {
  Preferences store;
  store.begin("tls", true);
  const char *ca = loadPem(store, "root_ca");
  const char *certificate = loadPem(store, "device_cert");
  const char *key = loadPem(store, "device_key");
  store.end();
  identityLoaded() = ca && certificate && key;
  if (!identityLoaded()) return;
  tls.setCACert(ca);
  tls.setCertificate(certificate);
  tls.setPrivateKey(key);
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. So a wrong
// clock is not why a certificate is refused, and an expired one passes: renew in time.
inline bool tlsReady(SecureClient &) { return identityLoaded(); }

inline void prepareConnection(SecureClient &) {}
