// SECRET, and git-ignored. Whoever reads the flash of a board reads these too: see README.md, "To production".
#pragma once
#include <Arduino.h>

// The password of the access point that the portal opens: write it on the board's label.
#define PORTAL_PASSWORD {{portalPassword|c}}

static const char DEVICE_KEY[] PROGMEM = {{deviceKey|raw}};
