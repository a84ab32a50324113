// arduino-esp32's Update: the image goes into HOST_FLASH/next.bin, which end() moves to HOST_FLASH/app.bin.
#pragma once
#include "Arduino.h"

#define UPDATE_SIZE_UNKNOWN 0xFFFFFFFF
#define U_FLASH 0

class UpdateClass {
public:
  bool begin(size_t size = UPDATE_SIZE_UNKNOWN, int command = U_FLASH, int ledPin = -1, uint8_t ledOn = LOW,
             const char *label = nullptr);
  size_t write(uint8_t *data, size_t length);
  bool end(bool evenIfRemaining = false);
  void abort();
  bool isRunning() { return size_ > 0; }
  bool isFinished() { return written_ == size_; }
  size_t progress() { return written_; }
  const char *errorString() { return "shim"; }

private:
  size_t size_ = 0, written_ = 0;
};
extern UpdateClass Update;
