// Rob Tillaart's DHT20 library with a sensor that HOST_SENSOR switches on.
#pragma once
#include "Arduino.h"
#include "Wire.h"

#define DHT20_OK 0

class DHT20 {
public:
  explicit DHT20(TwoWire *) {}
  bool begin() { return true; }
  int read() { return getenv("HOST_SENSOR") ? DHT20_OK : -10; }
  float getTemperature() { return 21.5f; }
  float getHumidity() { return 40.25f; }
};
