// Copy to secrets.h and fill in; put the device's private key into nvs/device.key. Both are git-ignored.
#pragma once

#define WIFI_SSID "your Wi-Fi's name"
#define WIFI_PASSWORD "your Wi-Fi's password"
