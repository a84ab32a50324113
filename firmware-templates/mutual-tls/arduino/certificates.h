// Public certificates, compiled in. They live as long as the program does: setCACert() and setCertificate() keep the
// pointer, they do not copy.
#pragma once
#include <Arduino.h>

// The authority that signed the broker's certificate.
static const char ROOT_CA[] PROGMEM = {{rootCa|raw}};

// This device's own certificate. Its private key is in secrets.h.
static const char DEVICE_CERT[] PROGMEM = {{deviceCert|raw}};
