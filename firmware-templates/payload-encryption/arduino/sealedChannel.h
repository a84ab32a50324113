// Seals what this device says and opens what it is told, with AES-256-GCM. A sealed message is
//   "SIP1" | sender (1 byte) | salt (3) | sequence (8, big endian) | encrypted payload | tag (16)
// Nonce: the 12 bytes from sender to sequence. Authenticated besides: "SIP1" and the topic, so that nobody can move a
// message to another topic. `secure-iot payload decrypt` and the MQTT Explorer open what is sealed here.
#pragma once
#include <Arduino.h>
#include "aesGcm.h"
#include "counterStore.h"
#include "secrets.h"

class SealedChannel {
public:
  enum Opened { OPENED, NOT_AUTHENTIC, REPLAYED, NOT_STORED };

  // The number of this start is stored before anything is sealed with it, so no nonce comes twice, whenever the power
  // goes. False where flash cannot be written: then nothing may be sent. Costs one write at each start.
  bool begin() {
    if (ready_) return true;
    uint64_t starts = 0;
    if (!store_.begin()) return waitForStore();
    // Nothing stored: the first start, or an erased flash. A random number keeps clear of those of before the erasing.
    if (!store_.load("starts", starts)) starts = randomWord() & 0x7FFFFFFF;
    starts++;
    if (!store_.save("starts", starts)) return waitForStore();
    if (!store_.load("command", lastCommand_)) lastCommand_ = 0;
    sequence_ = starts << 32;
    salt_ = randomWord();
    ready_ = true;
    return true;
  }

  // Bytes written to `out`, or 0 where they do not fit.
  size_t seal(const char *topic, const char *payload, size_t length, uint8_t *out, size_t size) {
    if (!ready_ || length + OVERHEAD > size) return 0;
    memcpy(out, "SIP1", 4);
    out[4] = FROM_DEVICE;
    for (int i = 0; i < 3; i++) out[5 + i] = salt_ >> (8 * i);
    for (int i = 0; i < 8; i++) out[8 + i] = sequence_ >> (56 - 8 * i);
    sequence_++;
    memcpy(out + 16, payload, length);
    uint8_t bound[BOUND_BYTES];
    size_t boundLength = bind(topic, bound);
    if (boundLength == 0 || !aesGcmSeal(key(), out + 4, bound, boundLength, out + 16, length, out + 16 + length)) return 0;
    return length + OVERHEAD;
  }

  // `length` is set for OPENED only. The number of a command is stored before the command is carried out: one that comes
  // again, also after a restart, is refused.
  Opened open(const char *topic, const uint8_t *message, size_t messageLength, uint8_t *out, size_t size, size_t &length) {
    if (!ready_ || messageLength < OVERHEAD || messageLength - OVERHEAD > size) return NOT_AUTHENTIC;
    if (memcmp(message, "SIP1", 4) != 0 || message[4] != FROM_CONTROLLER) return NOT_AUTHENTIC;
    size_t textLength = messageLength - OVERHEAD;
    uint8_t bound[BOUND_BYTES];
    size_t boundLength = bind(topic, bound);
    memcpy(out, message + 16, textLength);
    if (boundLength == 0 || !aesGcmOpen(key(), message + 4, bound, boundLength, out, textLength, message + 16 + textLength)) {
      memset(out, 0, size);
      return NOT_AUTHENTIC;
    }
    uint64_t sequence = 0;
    for (int i = 0; i < 8; i++) sequence = sequence << 8 | message[8 + i];
    if (sequence <= lastCommand_) return REPLAYED;
    if (!store_.save("command", sequence)) return NOT_STORED;
    lastCommand_ = sequence;
    length = textLength;
    return OPENED;
  }

private:
  static constexpr size_t OVERHEAD = 32;
  static constexpr size_t BOUND_BYTES = 4 + 256;
  static constexpr uint8_t FROM_DEVICE = 1, FROM_CONTROLLER = 2;

  static const uint8_t *key() {
    static const uint8_t bytes[32] = PAYLOAD_KEY;
    return bytes;
  }

  static size_t bind(const char *topic, uint8_t *out) {
    size_t length = strlen(topic);
    if (length > BOUND_BYTES - 4) return 0;
    memcpy(out, "SIP1", 4);
    memcpy(out + 4, topic, length);
    return 4 + length;
  }

  bool waitForStore() {
    if (!told_) Serial.println("[secure-iot] flash cannot be written: nothing is sent, a nonce could come twice");
    told_ = true;
    return false;
  }

  CounterStore store_;
  uint64_t sequence_ = 0, lastCommand_ = 0;
  uint32_t salt_ = 0;
  bool ready_ = false, told_ = false;
};
