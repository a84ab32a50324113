// {{title|comment}}: {{device|comment}} reports to {{host|comment}} over MQTT.
// Made by Secure IoT (template {{template|comment}}). config.h has the settings, secrets.h what must not be shared.
//
// The heap of an ESP8266 holds a web server or a TLS connection, not both. So each start has one mode: the portal, in
// which a phone tells the board its Wi-Fi, or MQTT. A restart changes the mode and gives back every byte.
#include <Arduino.h>
#include "mqttMode.h"
#include "portalMode.h"
#include "wifiSettings.h"

static WifiSettings settings;
static bool inPortal = false;

// The button must be pressed after the start: held down during it, GPIO 0 starts the chip's download mode.
static bool buttonPressed() {
  pinMode(PORTAL_BUTTON, INPUT_PULLUP);
  Serial.printf("[secure-iot] press the button on GPIO %d within 3 seconds for the portal\n", PORTAL_BUTTON);
  for (uint32_t start = millis(); millis() - start < 3000;) {
    if (digitalRead(PORTAL_BUTTON) == LOW) return true;
    delay(20);
  }
  return false;
}

void setup() {
  Serial.begin(115200);
  delay(200);
  Serial.printf("\n[secure-iot] %s starts, broker %s:%u\n", DEVICE_ID, MQTT_HOST, static_cast<unsigned>(MQTT_PORT));

  bool known = settings.load();
  inPortal = !known || buttonPressed();
  Serial.printf("[secure-iot] mode %s heap=%u largest=%u\n", inPortal ? "portal" : "MQTT",
                static_cast<unsigned>(ESP.getFreeHeap()), static_cast<unsigned>(ESP.getMaxFreeBlockSize()));
  if (inPortal) {
    startPortal(settings, known);
  } else {
    startMqtt(settings);
  }
}

void loop() {
  if (inPortal) {
    runPortal();
  } else {
    runMqtt();
  }
}
