// Takes a firmware image over MQTT, piece by piece, if it is signed with the update key and newer than this one.
// An offer is
//   "SIU1" | version (4 bytes, big endian) | size of the image (4) | SHA-256 of the image (32) | ECDSA signature over these
// and a piece is its offset (4 bytes, big endian) and up to 2 kB of the image. The board asks for one piece at a time.
// `secure-iot update sign` and `update send` are the other end.
#pragma once
#include <Arduino.h>
#include <Update.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include "config.h"

class SignedUpdate {
public:
  // Returns nullptr where the board wants the image, or why it does not.
  const char *offer(const uint8_t *message, size_t length) {
    if (length <= HEAD_BYTES || memcmp(message, "SIU1", 4) != 0) return "it is no signed update";
    if (!signedByUs(message, message + HEAD_BYTES, length - HEAD_BYTES)) return "it is not signed with the update key";
    if (number(message + 4) <= FIRMWARE_VERSION) return "it is not newer than what runs";
    stop();
    size_ = number(message + 8);
    memcpy(wanted_, message + 12, sizeof wanted_);
    if (!Update.begin(size_)) return "it does not fit";
    mbedtls_md_init(&hash_);
    mbedtls_md_setup(&hash_, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 0);
    mbedtls_md_starts(&hash_);
    running_ = true;
    received_ = 0;
    waiting_ = false;
    silent_ = 0;
    return nullptr;
  }

  // True when it is time to ask for the piece at `offset`: a new one, or again after a silence.
  bool wants(uint32_t &offset) {
    if (!running_ || received_ == size_ || (waiting_ && millis() - asked_ < 5000)) return false;
    if (waiting_ && ++silent_ > 12) {  // a minute
      stop();
      return false;
    }
    waiting_ = true;
    asked_ = millis();
    offset = received_;
    return true;
  }

  // Returns nullptr, or why it was given up. A piece that was not asked for is left alone.
  const char *receive(uint8_t *message, size_t length) {
    if (!running_ || length <= 4 || number(message) != received_ || length - 4 > size_ - received_) return nullptr;
    mbedtls_md_update(&hash_, message + 4, length - 4);
    if (Update.write(message + 4, length - 4) != length - 4) {
      stop();
      return "the flash cannot be written, or it is no image for this chip";
    }
    received_ += length - 4;
    waiting_ = false;
    silent_ = 0;
    return nullptr;
  }

  bool complete() const { return running_ && received_ == size_; }

  // Once complete. Returns nullptr where the board may restart into the new image, or why it may not.
  const char *finish() {
    uint8_t hash[32];
    mbedtls_md_finish(&hash_, hash);
    bool same = memcmp(hash, wanted_, sizeof hash) == 0;
    bool written = same && Update.end();
    stop();
    if (!same) return "the image is not the one that was signed";
    return written ? nullptr : "the image cannot be started";
  }

private:
  static constexpr size_t HEAD_BYTES = 44;

  static uint32_t number(const uint8_t *bytes) {
    return static_cast<uint32_t>(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
  }

  static bool signedByUs(const uint8_t *head, const uint8_t *signature, size_t signatureLength) {
    uint8_t hash[32];
    mbedtls_pk_context key;
    mbedtls_pk_init(&key);
    bool good = mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), head, HEAD_BYTES, hash) == 0 &&
                mbedtls_pk_parse_public_key(&key, reinterpret_cast<const unsigned char *>(UPDATE_KEY), sizeof UPDATE_KEY) == 0 &&
                mbedtls_pk_verify(&key, MBEDTLS_MD_SHA256, hash, sizeof hash, signature, signatureLength) == 0;
    mbedtls_pk_free(&key);
    return good;
  }

  // What was written so far is never started: Update keeps the image's first bytes back until end().
  void stop() {
    if (!running_) return;
    if (Update.isRunning()) Update.abort();
    mbedtls_md_free(&hash_);
    running_ = false;
  }

  mbedtls_md_context_t hash_;
  uint8_t wanted_[32];
  uint32_t size_ = 0, received_ = 0, asked_ = 0, silent_ = 0;
  bool running_ = false, waiting_ = false;
};
