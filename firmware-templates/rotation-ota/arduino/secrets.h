// SECRET, and git-ignored, as is nvs/device.key. Whoever reads the flash of an unprotected board reads these too: see
// README.md, "To production".
#pragma once

#define WIFI_SSID {{wifiSsid|c}}
#define WIFI_PASSWORD {{wifiPassword|c}}
