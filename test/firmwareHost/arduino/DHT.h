// Adafruit's DHT library with a sensor that HOST_SENSOR switches on.
#pragma once
#include <cmath>
#include "Arduino.h"

#define DHT11 11
#define DHT22 22

class DHT {
public:
  DHT(uint8_t, uint8_t) {}
  void begin() {}
  float readTemperature() { return getenv("HOST_SENSOR") ? 21.5f : NAN; }
  float readHumidity() { return getenv("HOST_SENSOR") ? 40.25f : NAN; }
};
