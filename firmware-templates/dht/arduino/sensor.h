// Temperature and humidity from a {{sensor|comment}}.
#pragma once
#include <Arduino.h>

#define SENSOR_{{sensor|ini}}

#ifdef SENSOR_DHT20
// On I2C: its wires are the board's SDA and SCL.
#include <DHT20.h>
#include <Wire.h>

inline DHT20 &sensor() {
  static DHT20 dht(&Wire);
  return dht;
}

inline void startSensor() {
  Wire.begin();
  sensor().begin();
}

inline bool measure(float &temperature, float &humidity) {
  static bool measured = false;
  int status = sensor().read();
  if (status == DHT20_OK) measured = true;
  // Asked again within a second it does not measure, and the last values stand.
  else if (status != DHT20_ERROR_LASTREAD || !measured) return false;
  temperature = sensor().getTemperature();
  humidity = sensor().getHumidity();
  return true;
}
#else
// On one data line, with a pull-up of 10 kOhm to 3.3 V (many modules have it).
#include <DHT.h>
#define SENSOR_PIN {{pin|int}}

inline DHT &sensor() {
  static DHT dht(SENSOR_PIN, {{sensor|ini}});
  return dht;
}

inline void startSensor() { sensor().begin(); }

inline bool measure(float &temperature, float &humidity) {
  temperature = sensor().readTemperature();
  humidity = sensor().readHumidity();
  return !isnan(temperature) && !isnan(humidity);
}
#endif

// JSON members with a comma in front. False where the sensor does not answer: nothing made up is sent then.
inline bool readSensor(char *out, size_t size) {
  float temperature = 0, humidity = 0;
  if (size > 0) out[0] = '\0';
  if (!measure(temperature, humidity)) return false;
  snprintf(out, size, ",\"temperature\":%.1f,\"humidity\":%.1f", temperature, humidity);
  return true;
}
