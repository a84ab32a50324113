// Whom this device trusts, and how it proves who it is.
#pragma once
#include "bearSsl.h"
#include "certificates.h"
#include "secrets.h"
#include "secureClient.h"

// The certificate says who this is; no user name on top.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

inline void setupTls(SecureClient &tls) {
  // BearSSL keeps pointers to these: they must live as long as the client.
  static BearSSL::X509List trustAnchors(ROOT_CA);
  static BearSSL::X509List deviceCertificate(DEVICE_CERT);
  static BearSSL::PrivateKey deviceKey(DEVICE_KEY);
  static BearSSL::Session session;  // a reconnect then skips the key exchange: about a tenth of the time
  tls.setTrustAnchors(&trustAnchors);
  if (deviceKey.isEC()) {
    tls.setClientECCert(&deviceCertificate, &deviceKey, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);
  } else {
    tls.setClientRSACert(&deviceCertificate, &deviceKey);
  }
  tls.setSession(&session);
}

inline bool tlsReady(SecureClient &) { return clockReady(); }
