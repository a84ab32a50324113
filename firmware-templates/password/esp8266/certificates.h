// The certificate of the authority that signed the broker's, compiled in and kept in flash (PROGMEM): BearSSL's X509List
// copies what it needs.
#pragma once
#include <Arduino.h>

static const char ROOT_CA[] PROGMEM = {{rootCa|raw}};
