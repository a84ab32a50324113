// Whom this device trusts: the public authorities in the bundle that comes with the board package. It logs in
// with MQTT_USER and MQTT_PASSWORD of secrets.h, inside the TLS connection.
#pragma once
#include "secrets.h"
#include "secureClient.h"

#if ESP_ARDUINO_VERSION_MAJOR < 3
#error "useBuiltinCACertBundle() came with arduino-esp32 3.x: update the board package, or embed one CA certificate"
#endif

inline void setupTls(SecureClient &tls) {
  tls.useBuiltinCACertBundle();
  tls.setHandshakeTimeout(30);  // seconds
}

// No clock is needed: the ESP32's Mbed TLS is built without MBEDTLS_HAVE_TIME_DATE and compares no dates. So a wrong
// clock is not why a certificate is refused, and an expired one passes: renew in time.
inline bool tlsReady(SecureClient &) { return true; }

inline void prepareConnection(SecureClient &) {}
