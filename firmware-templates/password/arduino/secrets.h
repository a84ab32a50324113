// SECRET, and git-ignored. Whoever reads the flash of an unprotected board reads these too: see README.md,
// "To production".
#pragma once

#define WIFI_SSID {{wifiSsid|c}}
#define WIFI_PASSWORD {{wifiPassword|c}}

#define MQTT_USER {{username|c}}
#define MQTT_PASSWORD {{password|c}}
