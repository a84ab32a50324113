// Arduino's network client interface.
#pragma once
#include "Arduino.h"

class Client : public Stream {
public:
  virtual int connect(IPAddress ip, uint16_t port) = 0;
  virtual int connect(const char *host, uint16_t port) = 0;
  virtual int read(uint8_t *buffer, size_t size) = 0;
  int read() override = 0;
  virtual void stop() = 0;
  virtual uint8_t connected() = 0;
};
