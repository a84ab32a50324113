// Rob Tillaart's DHT20 library with a sensor that HOST_SENSOR switches on.
#pragma once
#include "Arduino.h"
#include "Wire.h"

#define DHT20_OK 0
#define DHT20_ERROR_LASTREAD -15

class DHT20 {
public:
  explicit DHT20(TwoWire *) {}
  bool begin() { return true; }
  // At most once a second, counted from the end of the measurement, which takes 85 ms.
  int read() {
    if (millis() - lastRead_ < 1000) return DHT20_ERROR_LASTREAD;
    if (!getenv("HOST_SENSOR")) return -10;
    delay(85);
    lastRead_ = millis();
    return DHT20_OK;
  }
  float getTemperature() { return 21.5f; }
  float getHumidity() { return 40.25f; }

private:
  unsigned long lastRead_ = 0;
};
