// SECRET, and git-ignored. Whoever reads the flash of an unprotected board reads these too: see README.md,
// "To production".
#pragma once

#define WIFI_SSID {{wifiSsid|c}}
#define WIFI_PASSWORD {{wifiPassword|c}}

// The login at the broker. Without TLS everybody on the way can read it: it keeps order, it keeps nobody out.
#define MQTT_USER {{username|c}}
#define MQTT_PASSWORD {{password|c}}

// The key of this device's payloads: its own, of 32 random bytes. Your computer has it in the certificates folder,
// payload/{{device|comment}}.key.
#define PAYLOAD_KEY {{payloadKey|bytes}}
