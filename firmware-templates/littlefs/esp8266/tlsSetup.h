// Whom this device trusts, and how it proves who it is: files of the LittleFS partition.
#pragma once
#include <LittleFS.h>
#include "bearSsl.h"
#include "secureClient.h"

// The certificate says who this is; no user name on top.
#define MQTT_USER nullptr
#define MQTT_PASSWORD nullptr

inline bool &identityLoaded() {
  static bool loaded = false;
  return loaded;
}

// Empty where the file is missing.
inline String readPem(const char *path) {
  String text;
  File file = LittleFS.open(path, "r");
  if (file) text.reserve(file.size());
  while (file && file.available()) text += static_cast<char>(file.read());
  if (text.length() == 0) {
    Serial.printf("[secure-iot] LittleFS has no %s: write the folder data/ to the board (README.md)\n", path);
  }
  return text;
}

inline void setupTls(SecureClient &tls) {
  // BearSSL keeps pointers to these: they must live as long as the client. They copy the text that they are given.
  static BearSSL::X509List trustAnchors, deviceCertificate;
  static BearSSL::PrivateKey deviceKey;
  static BearSSL::Session session;  // a reconnect then skips the key exchange: about a tenth of the time
  LittleFS.setConfig(LittleFSConfig(false));  // a partition that is not LittleFS yet is not formatted in silence
  if (!LittleFS.begin()) {
    Serial.println("[secure-iot] no LittleFS partition: write the folder data/ to the board (README.md)");
    return;
  }
  bool ca = trustAnchors.append(readPem("/ca.pem").c_str());
  bool certificate = deviceCertificate.append(readPem("/device.pem").c_str());
  bool key = deviceKey.parse(readPem("/device.key").c_str());
  identityLoaded() = ca && certificate && key;
  if (!identityLoaded()) return;
  tls.setTrustAnchors(&trustAnchors);
  if (deviceKey.isEC()) {
    tls.setClientECCert(&deviceCertificate, &deviceKey, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);
  } else {
    tls.setClientRSACert(&deviceCertificate, &deviceKey);
  }
  tls.setSession(&session);
}

inline bool tlsReady(SecureClient &) { return identityLoaded() && clockReady(); }
