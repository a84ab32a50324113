// The time of day, from the network (NTP), as this device's time zone has it.
#pragma once
#include <Arduino.h>
#include <time.h>
#include "config.h"

// Asks for the time, now and each hour. Returns at once: who needs the time waits for clockIsSet().
inline void startClock() {
#ifdef ESP8266
  configTime(TIME_ZONE, "pool.ntp.org", "time.cloudflare.com");
#else
  configTzTime(TIME_ZONE, "pool.ntp.org", "time.cloudflare.com");
#endif
}

// A board starts in 1970.
inline bool clockIsSet() { return time(nullptr) > 1600000000; }

// Local time with its distance from UTC, or "unset".
inline void printTime(char *out, size_t size) {
  time_t now = time(nullptr);
  struct tm local;
  if (!clockIsSet() || !localtime_r(&now, &local)) {
    snprintf(out, size, "unset");
  } else {
    strftime(out, size, "%Y-%m-%dT%H:%M:%S%z", &local);
  }
}
