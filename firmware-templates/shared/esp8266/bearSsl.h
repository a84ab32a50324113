// What a BearSSL connection needs whomever the board trusts: the time, and buffers that fit the heap.
#pragma once
#include "config.h"
#include "secureClient.h"
#include "wallClock.h"

// BearSSL compares the dates of certificates with the clock, so the clock must be set before the first connection.
inline bool clockReady() {
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
