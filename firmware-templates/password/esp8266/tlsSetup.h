// Whom this device trusts. It logs in with MQTT_USER and MQTT_PASSWORD of secrets.h, inside the TLS connection.
#pragma once
#include "bearSsl.h"
#include "certificates.h"
#include "secrets.h"
#include "secureClient.h"

inline void setupTls(SecureClient &tls) {
  // BearSSL keeps pointers to these: they must live as long as the client.
  static BearSSL::X509List trustAnchors(ROOT_CA);
  static BearSSL::Session session;  // a reconnect then skips the key exchange: about a tenth of the time
  tls.setTrustAnchors(&trustAnchors);
  tls.setSession(&session);
}

inline bool tlsReady(SecureClient &) { return clockReady(); }
