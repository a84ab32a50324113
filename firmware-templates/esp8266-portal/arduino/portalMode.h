// The start mode in which a phone tells the board its Wi-Fi: an access point with a password, and one page.
#pragma once
#include <DNSServer.h>
#include <ESP8266WebServer.h>
#include <ESP8266WiFi.h>
#include "config.h"
#include "secrets.h"
#include "wifiSettings.h"

static const uint32_t PORTAL_TIMEOUT_MS = 5UL * 60UL * 1000UL;

// Made when this mode starts, never in the other one.
struct Portal {
  explicit Portal(WifiSettings &known) : settings(known), server(80) {}
  WifiSettings &settings;
  ESP8266WebServer server;
  DNSServer dns;
  uint32_t since = 0, restartAt = 0;
  bool canLeave = false;
};
static Portal *portal = nullptr;

static const char PORTAL_PAGE[] PROGMEM = R"HTML(<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Wi-Fi</title>
<style>body{font:1.1em sans-serif;max-width:22em;margin:2em auto;padding:0 1em}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input,button{margin:.3em 0 1em;padding:.5em}</style>
<h1>Which Wi-Fi?</h1><form method="post" action="/save">
<label for="s">Name</label><input id="s" name="ssid" maxlength="32" required autocapitalize="none">
<label for="p">Password</label><input id="p" name="password" type="password" maxlength="63">
<button>Save</button></form></html>)HTML";

inline void saveWifi() {
  String ssid = portal->server.arg("ssid");
  String password = portal->server.arg("password");
  portal->since = millis();
  if (ssid.length() == 0 || ssid.length() > 32) {
    portal->server.send(400, "text/plain", "A Wi-Fi name has 1 to 32 bytes. Go back and write it again.");
    return;
  }
  if (password.length() != 0 && (password.length() < 8 || password.length() > 63)) {
    portal->server.send(400, "text/plain", "A Wi-Fi password has 8 to 63 characters. Go back and write it again.");
    return;
  }
  WifiSettings wanted;
  strlcpy(wanted.ssid, ssid.c_str(), sizeof wanted.ssid);
  strlcpy(wanted.password, password.c_str(), sizeof wanted.password);
  if (!wanted.save()) {
    portal->server.send(500, "text/plain", "The flash cannot be written; nothing was changed.");
    return;
  }
  portal->settings = wanted;
  portal->server.send(200, "text/plain", "Saved. The board restarts and joins this Wi-Fi.");
  Serial.printf("[secure-iot] Wi-Fi \"%s\" saved, restarting\n", wanted.ssid);
  portal->restartAt = millis() + 1000;  // the answer leaves first
}

// `known`: there are settings already, so nobody coming means going back to MQTT.
inline void startPortal(WifiSettings &settings, bool known) {
  portal = new Portal(settings);
  portal->canLeave = known;
  portal->since = millis();
  char name[24];
  snprintf(name, sizeof name, "setup-%06x", static_cast<unsigned>(ESP.getChipId()));
  WiFi.persistent(false);
  WiFi.mode(WIFI_AP);
  WiFi.softAP(name, PORTAL_PASSWORD);
  portal->dns.start(53, "*", WiFi.softAPIP());  // so that phones show the page by themselves
  portal->server.on("/", HTTP_GET, []() { portal->server.send_P(200, "text/html", PORTAL_PAGE); });
  portal->server.on("/save", HTTP_POST, saveWifi);
  portal->server.onNotFound([]() {
    portal->server.sendHeader("Location", String("http://") + WiFi.softAPIP().toString() + "/");
    portal->server.send(302, "text/plain", "");
  });
  portal->server.begin();
  Serial.printf("[secure-iot] portal: join the Wi-Fi \"%s\" (its password is in secrets.h) and open http://%s\n", name,
                WiFi.softAPIP().toString().c_str());
}

inline void runPortal() {
  portal->dns.processNextRequest();
  portal->server.handleClient();
  bool waited = portal->canLeave && millis() - portal->since > PORTAL_TIMEOUT_MS;
  if (waited) Serial.println("[secure-iot] nobody came to the portal, restarting");
  if (waited || (portal->restartAt != 0 && static_cast<int32_t>(millis() - portal->restartAt) >= 0)) ESP.restart();
  delay(2);
}
