// Copy to secrets.h and fill in. secrets.h is git-ignored.
#pragma once

#define WIFI_SSID "your Wi-Fi's name"
#define WIFI_PASSWORD "your Wi-Fi's password"

#define MQTT_USER "your user name at the broker"
#define MQTT_PASSWORD "your password at the broker"

// 32 bytes: the text that "secure-iot payload key --device NAME" puts into payload/NAME.key, byte by byte
#define PAYLOAD_KEY {0}
