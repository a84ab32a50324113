// When to try again: the pause doubles with each failure and half of it is random, so that a thousand boards whose
// broker restarted do not come back in the same second.
#pragma once
#include <Arduino.h>

class Backoff {
public:
  Backoff(uint32_t firstMs, uint32_t longestMs) : first_(firstMs), longest_(longestMs), ceiling_(firstMs) {}

  // Counts from the last failure, so that it holds when millis() starts anew after 49 days, and however long all went well.
  bool due() const { return millis() - since_ >= pause_; }

  void failed() {
    pause_ = ceiling_ / 2 + random(ceiling_ / 2 + 1);  // random() is the hardware generator unless it was seeded
    since_ = millis();
    ceiling_ = ceiling_ > longest_ / 2 ? longest_ : ceiling_ * 2;
  }

  // Call it once the connection has held for a while: a broker that drops the board at once is a failure too.
  void succeeded() { ceiling_ = first_; }

  uint32_t pauseMs() const { return pause_; }

private:
  uint32_t first_, longest_, ceiling_;
  uint32_t since_ = 0;
  uint32_t pause_ = 0;
};
