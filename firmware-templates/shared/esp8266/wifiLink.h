// Keeps the board on the Wi-Fi and says with a reason number when it falls off.
#pragma once
#include <Arduino.h>
#include <ESP8266WiFi.h>
#include "backoff.h"
#include "wallClock.h"

class WifiLink {
public:
  void begin(const char *ssid, const char *password) {
    ssid_ = ssid;
    password_ = password;
    WiFi.persistent(false);  // the password is in the firmware already; no second copy in flash
    WiFi.mode(WIFI_STA);
    onLost_ = WiFi.onStationModeDisconnected([](const WiFiEventStationModeDisconnected &event) {
      Serial.printf("[secure-iot] wifi disconnected, reason: %u\n", static_cast<unsigned>(event.reason));
    });
    join();
  }

  // True while there is a link. Joins again, ever more seldom, where the core's own reconnect did not help.
  bool up() {
    if (WiFi.status() == WL_CONNECTED) {
      backoff_.succeeded();
      if (!linked_) startClock();  // anew with each link: asked without one, it would pause before it asks again
      linked_ = true;
      return true;
    }
    linked_ = false;
    if (backoff_.due()) join();
    return false;
  }

private:
  void join() {
    if (ssid_[0] == '\0') {
      Serial.println("[secure-iot] no Wi-Fi name: fill in WIFI_SSID and WIFI_PASSWORD in secrets.h and flash again");
    } else {
      WiFi.begin(ssid_, password_[0] == '\0' ? nullptr : password_);
    }
    backoff_.failed();
  }

  const char *ssid_ = "";
  const char *password_ = "";
  Backoff backoff_{15000, 120000};
  bool linked_ = false;
  WiFiEventHandler onLost_;
};
