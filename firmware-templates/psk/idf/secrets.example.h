// Copy to secrets.h and fill in. secrets.h is git-ignored.
#pragma once

#define WIFI_SSID "your Wi-Fi's name"
#define WIFI_PASSWORD "your Wi-Fi's password"

#define PSK_BYTES {0x00 /* your device's 32 bytes: openssl rand -hex 32 */}
