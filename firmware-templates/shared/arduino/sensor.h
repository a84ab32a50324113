// What this device measures. Nothing yet: write JSON members with a comma in front into `out`, such as ,"temperature":21.5
#pragma once
#include <Arduino.h>

inline void startSensor() {}

// False where the sensor does not answer.
inline bool readSensor(char *out, size_t size) {
  if (size > 0) out[0] = '\0';
  return true;
}
