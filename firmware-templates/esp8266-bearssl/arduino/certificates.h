// Public certificates, compiled in and kept in flash (PROGMEM): BearSSL's X509List copies what it needs.
#pragma once
#include <Arduino.h>

// The authority that signed the broker's certificate.
static const char ROOT_CA[] PROGMEM = {{rootCa|raw}};

// This device's own certificate. Its private key is in secrets.h.
static const char DEVICE_CERT[] PROGMEM = {{deviceCert|raw}};
