// The ESP8266 core's WiFi object with a link that is always up.
#pragma once
#include <functional>
#include <memory>
#include "Arduino.h"
#include "hostPlainClient.h"

enum wl_status_t { WL_IDLE_STATUS = 0, WL_CONNECTED = 3, WL_DISCONNECTED = 7 };
enum WiFiMode { WIFI_STA = 1, WIFI_AP = 2 };
struct WiFiEventStationModeDisconnected {
  uint8_t reason;
};
typedef std::shared_ptr<int> WiFiEventHandler;

typedef HostPlainClient WiFiClient;

class ESP8266WiFiClass {
public:
  void persistent(bool) {}
  bool mode(WiFiMode) { return true; }
  wl_status_t begin(const char *ssid, const char *password) {
    if (!begun_) ::printf("Wi-Fi shim joins \"%s\" with \"%s\"\n", ssid, password ? password : "");
    begun_ = true;
    return WL_IDLE_STATUS;
  }
  WiFiEventHandler onStationModeDisconnected(std::function<void(const WiFiEventStationModeDisconnected &)>) {
    return std::make_shared<int>(0);
  }
  bool softAP(const char *name, const char *password) { return strlen(name) <= 32 && strlen(password) >= 8; }
  IPAddress softAPIP() { return IPAddress(0x0104a8c0); }
  wl_status_t status() { return begun_ ? WL_CONNECTED : WL_DISCONNECTED; }
  int32_t RSSI() { return -58; }
  int hostByName(const char *name, IPAddress &address) { return hostResolve(name, address) ? 1 : 0; }

private:
  bool begun_ = false;
};
extern ESP8266WiFiClass WiFi;
