// Copy to secrets.h and fill in. secrets.h is git-ignored.
#pragma once
#include <Arduino.h>

#define WIFI_SSID "your Wi-Fi's name"
#define WIFI_PASSWORD "your Wi-Fi's password"

static const char DEVICE_KEY[] PROGMEM = R"PEM(the text of the device's .key file)PEM";
