// Whom this device trusts. It logs in with MQTT_USER and MQTT_PASSWORD of secrets.h, inside the TLS connection.
#pragma once
#include "certificates.h"
#include "secrets.h"
#include "secureClient.h"

inline void setupTls(SecureClient &tls) {
  tls.setCACert(ROOT_CA);
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. So a wrong
// clock is not why a certificate is refused, and an expired one passes: renew in time.
inline bool tlsReady(SecureClient &) { return true; }

inline void prepareConnection(SecureClient &) {}
