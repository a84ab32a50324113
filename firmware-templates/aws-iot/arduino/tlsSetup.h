// Whom this device trusts, and how it proves who it is.
#pragma once
#include "certificates.h"
#include "secrets.h"
#include "secureClient.h"

// AWS IoT knows the thing by its certificate; the client id must be the thing name.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

inline void setupTls(SecureClient &tls) {
  tls.setCACert(ROOT_CA);
  tls.setCertificate(DEVICE_CERT);
  tls.setPrivateKey(DEVICE_KEY);
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. So a wrong
// clock is not why a certificate is refused, and an expired one passes: renew in time.
inline bool tlsReady(SecureClient &) { return true; }

inline void prepareConnection(SecureClient &) {}
