// The Wi-Fi that the portal was told, kept in LittleFS. In clear: the ESP8266 has no flash encryption.
#pragma once
#include <LittleFS.h>

struct WifiSettings {
  char ssid[33] = "";
  char password[65] = "";

  // False where nothing was stored yet, or where it is damaged.
  bool load() {
    if (!LittleFS.begin()) {  // formats a flash that was never used
      Serial.println("[secure-iot] no LittleFS: choose a flash layout with a file system (Tools, Flash Size)");
      return false;
    }
    File file = LittleFS.open("/wifi", "r");
    if (!file) return false;
    bool whole = file.read(reinterpret_cast<uint8_t *>(this), sizeof *this) == static_cast<int>(sizeof *this);
    file.close();
    ssid[sizeof ssid - 1] = '\0';
    password[sizeof password - 1] = '\0';
    return whole && ssid[0] != '\0';
  }

  // The new file takes the old one's place in one step: a power cut leaves the one or the other.
  bool save() const {
    File file = LittleFS.open("/wifi.new", "w");
    if (!file) return false;
    bool written = file.write(reinterpret_cast<const uint8_t *>(this), sizeof *this) == sizeof *this;
    file.close();
    return written && LittleFS.rename("/wifi.new", "/wifi");
  }
};
