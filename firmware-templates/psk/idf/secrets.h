// SECRET, and git-ignored. Whoever reads the flash of an unprotected board reads these too: see README.md,
// "To production".
#pragma once

#define WIFI_SSID {{wifiSsid|c}}
#define WIFI_PASSWORD {{wifiPassword|c}}

// The key that only this board and the broker know. The broker has it in its psk_file.
#define PSK_BYTES {{psk|bytes}}
