// Copy to secrets.h and fill in. secrets.h is git-ignored.
#pragma once
#include <Arduino.h>

#define PORTAL_PASSWORD "your label's password, 8 to 63 characters"

static const char DEVICE_KEY[] PROGMEM = R"PEM(the text of the device's .key file)PEM";
