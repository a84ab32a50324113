// arduino-esp32 3.x calls its TLS client NetworkClientSecure, 2.x WiFiClientSecure. The calls used here are the same.
#pragma once
#include <Arduino.h>
#if ESP_ARDUINO_VERSION_MAJOR >= 3
#include <NetworkClientSecure.h>
using SecureClient = NetworkClientSecure;
#else
#include <WiFiClientSecure.h>
using SecureClient = WiFiClientSecure;
#endif
