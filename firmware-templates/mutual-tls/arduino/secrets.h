// SECRET, and git-ignored. Whoever reads the flash of an unprotected board reads these too: see README.md,
// "To production".
#pragma once
#include <Arduino.h>

#define WIFI_SSID {{wifiSsid|c}}
#define WIFI_PASSWORD {{wifiPassword|c}}

static const char DEVICE_KEY[] PROGMEM = {{deviceKey|raw}};
