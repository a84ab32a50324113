// AES-256-GCM with the ESP32's Mbed TLS (2.28 in arduino-esp32 2.x, 3.6 in 3.x); the chip's AES unit does the work.
#pragma once
#include <Arduino.h>
#include <esp_system.h>
#if __has_include(<esp_random.h>)
#include <esp_random.h>  // older ESP-IDFs declare the random generator in esp_system.h
#endif
#include <mbedtls/gcm.h>

// From the hardware generator; real noise while the radio is on.
inline uint32_t randomWord() { return esp_random(); }

// Encrypts `text` in place. nonce: 12 bytes, never used before with this key; tag: 16 bytes.
inline bool aesGcmSeal(const uint8_t *key, const uint8_t *nonce, const uint8_t *bound, size_t boundLength, uint8_t *text,
                       size_t length, uint8_t *tag) {
  mbedtls_gcm_context gcm;
  mbedtls_gcm_init(&gcm);
  bool done = mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, 256) == 0 &&
              mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, length, nonce, 12, bound, boundLength, text, text, 16,
                                        tag) == 0;
  mbedtls_gcm_free(&gcm);
  return done;
}

// Decrypts `text` in place; false where key, nonce, bound data, text or tag are not those it was sealed with.
inline bool aesGcmOpen(const uint8_t *key, const uint8_t *nonce, const uint8_t *bound, size_t boundLength, uint8_t *text,
                       size_t length, const uint8_t *tag) {
  mbedtls_gcm_context gcm;
  mbedtls_gcm_init(&gcm);
  bool authentic = mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, 256) == 0 &&
                   mbedtls_gcm_auth_decrypt(&gcm, length, nonce, 12, bound, boundLength, tag, 16, text, text) == 0;
  mbedtls_gcm_free(&gcm);
  return authentic;
}
