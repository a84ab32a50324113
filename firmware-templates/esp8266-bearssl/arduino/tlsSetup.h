// Whom this device trusts, and how it proves who it is.
#pragma once
#include "certificates.h"
#include "config.h"
#include "secrets.h"
#include "secureClient.h"
#include "wallClock.h"

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

// BearSSL compares the dates of certificates with the clock, so the clock must be set before the first connection.
inline bool tlsReady(SecureClient &) {
  static bool told = false;
  if (clockIsSet()) return true;
  if (!told) Serial.println("[secure-iot] waiting for the time (NTP): BearSSL checks the dates of certificates");
  told = true;
  return false;
}

// Asks the broker, until it says yes, whether it takes records of 1 kB (RFC 6066): that saves 15 kB of heap.
inline void prepareConnection(SecureClient &tls) {
  static bool small = false;
  if (small) return;
  small = SecureClient::probeMaxFragmentLength(MQTT_HOST, MQTT_PORT, 1024);
  tls.setBufferSizes(small ? 1024 : 16384, 1024);
  Serial.printf("[secure-iot] MFLN %s: receive buffer %u bytes, heap=%u largest=%u\n", small ? "yes" : "no",
                small ? 1024u : 16384u, static_cast<unsigned>(ESP.getFreeHeap()),
                static_cast<unsigned>(ESP.getMaxFreeBlockSize()));
}
