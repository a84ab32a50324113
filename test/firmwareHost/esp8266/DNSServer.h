// The ESP8266 core's DNS server for captive portals; it answers nobody here.
#pragma once
#include "Arduino.h"

class DNSServer {
public:
  bool start(const uint16_t &, const String &, const IPAddress &) { return true; }
  void processNextRequest() {}
  void stop() {}
};
