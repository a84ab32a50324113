// arduino-esp32's WiFi object with a link that is always up; HOST_WIFI_DOWN_MS delays it.
#pragma once
#include <functional>
#include "Arduino.h"
#include "hostPlainClient.h"

enum wl_status_t { WL_IDLE_STATUS = 0, WL_CONNECTED = 3, WL_DISCONNECTED = 6 };
enum wifi_mode_t { WIFI_STA = 1 };
enum arduino_event_id_t { ARDUINO_EVENT_WIFI_STA_DISCONNECTED = 113 };
typedef arduino_event_id_t WiFiEvent_t;
struct WiFiEventInfo_t {
  struct {
    uint8_t reason;
  } wifi_sta_disconnected;
};

#if ESP_ARDUINO_VERSION_MAJOR >= 3
typedef HostPlainClient NetworkClient;
typedef NetworkClient WiFiClient;
#else
typedef HostPlainClient WiFiClient;
#endif

class WiFiClass {
public:
  void persistent(bool) {}
  void mode(wifi_mode_t) {}
  void begin(const char *, const char *) { begun_ = true; }
  size_t onEvent(std::function<void(WiFiEvent_t, WiFiEventInfo_t)>, arduino_event_id_t) { return 1; }
  wl_status_t status() { return begun_ ? WL_CONNECTED : WL_DISCONNECTED; }
  int8_t RSSI() { return -58; }
  int hostByName(const char *name, IPAddress &address) { return hostResolve(name, address) ? 1 : 0; }

private:
  bool begun_ = false;
};
extern WiFiClass WiFi;
