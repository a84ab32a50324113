// Copy to secrets.h and fill in. secrets.h is git-ignored.
#pragma once

#define WIFI_SSID "your Wi-Fi's name"
#define WIFI_PASSWORD "your Wi-Fi's password"

#define MQTT_USER "the device's user name at the broker"
#define MQTT_PASSWORD "your device's password at the broker"
