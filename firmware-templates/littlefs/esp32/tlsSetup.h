// Whom this device trusts, and how it proves who it is: files of the LittleFS partition.
#pragma once
#include <LittleFS.h>
#include "secureClient.h"

// The certificate says who this is; no user name on top.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

inline bool &identityLoaded() {
  static bool loaded = false;
  return loaded;
}

// The client keeps a copy of its own. Called once per file: a second load would free what the first one set.
inline bool loadPem(const char *path, bool (SecureClient::*load)(Stream &, size_t), SecureClient &tls) {
  File file = LittleFS.open(path, "r");
  bool loaded = file && (tls.*load)(file, file.size());
  if (!loaded) Serial.printf("[secure-iot] LittleFS has no %s: write the folder data/ to the board (README.md)\n", path);
  return loaded;
}

inline void setupTls(SecureClient &tls) {
  if (!LittleFS.begin(false)) {  // false: a partition that is not LittleFS yet is not formatted in silence
    Serial.println("[secure-iot] no LittleFS partition: write the folder data/ to the board (README.md)");
    return;
  }
  bool ca = loadPem("/ca.pem", &SecureClient::loadCACert, tls);
  bool certificate = loadPem("/device.pem", &SecureClient::loadCertificate, tls);
  bool key = loadPem("/device.key", &SecureClient::loadPrivateKey, tls);
  identityLoaded() = ca && certificate && key;
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. So a wrong
// clock is not why a certificate is refused, and an expired one passes: renew in time.
inline bool tlsReady(SecureClient &) { return identityLoaded(); }

inline void prepareConnection(SecureClient &) {}
