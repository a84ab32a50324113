// The certificate of the authority that signed the broker's, compiled in: setCACert() keeps the pointer, it does not copy.
#pragma once
#include <Arduino.h>

static const char ROOT_CA[] PROGMEM = {{rootCa|raw}};
