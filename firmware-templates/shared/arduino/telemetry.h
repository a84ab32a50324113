// What this device tells regularly, as JSON: how it is, and what its sensor reads.
#pragma once
#include <Arduino.h>
#include "sensor.h"
#include "wifiLink.h"

// `more`: JSON members with a comma in front.
inline void writeTelemetry(char *out, size_t size, const char *more = "") {
  char readings[80] = "";
  if (!readSensor(readings, sizeof readings)) Serial.println("[secure-iot] the sensor gives no values: check its wiring");
  snprintf(out, size, "{\"uptime\":%lu,\"heap\":%u,\"rssi\":%d%s%s}", static_cast<unsigned long>(millis() / 1000),
           static_cast<unsigned>(ESP.getFreeHeap()), static_cast<int>(WiFi.RSSI()), more, readings);
}
