// AES-256-GCM with the BearSSL that comes with the ESP8266 core; constant-time code, the chip has no AES unit.
#pragma once
#include <Arduino.h>
#include <bearssl/bearssl.h>

// From the hardware generator; real noise while the radio is on.
inline uint32_t randomWord() { return ESP.random(); }

inline void startGcm(br_gcm_context &gcm, br_aes_ct_ctr_keys &aes, const uint8_t *key, const uint8_t *nonce,
                     const uint8_t *bound, size_t boundLength) {
  br_aes_ct_ctr_init(&aes, key, 32);
  br_gcm_init(&gcm, &aes.vtable, br_ghash_ctmul32);
  br_gcm_reset(&gcm, nonce, 12);
  br_gcm_aad_inject(&gcm, bound, boundLength);
  br_gcm_flip(&gcm);
}

// Encrypts `text` in place. nonce: 12 bytes, never used before with this key; tag: 16 bytes.
inline bool aesGcmSeal(const uint8_t *key, const uint8_t *nonce, const uint8_t *bound, size_t boundLength, uint8_t *text,
                       size_t length, uint8_t *tag) {
  br_aes_ct_ctr_keys aes;
  br_gcm_context gcm;
  startGcm(gcm, aes, key, nonce, bound, boundLength);
  br_gcm_run(&gcm, 1, text, length);
  br_gcm_get_tag(&gcm, tag);
  return true;
}

// Decrypts `text` in place; false where key, nonce, bound data, text or tag are not those it was sealed with.
inline bool aesGcmOpen(const uint8_t *key, const uint8_t *nonce, const uint8_t *bound, size_t boundLength, uint8_t *text,
                       size_t length, const uint8_t *tag) {
  br_aes_ct_ctr_keys aes;
  br_gcm_context gcm;
  startGcm(gcm, aes, key, nonce, bound, boundLength);
  br_gcm_run(&gcm, 0, text, length);
  return br_gcm_check_tag(&gcm, tag) == 1;
}
