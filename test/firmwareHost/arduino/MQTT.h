// The part of arduino-mqtt's interface (256dpi/arduino-mqtt src/MQTTClient.h, 2.x) that sketches connect with.
#pragma once
#include "PubSubClient.h"

class MQTTClient {
public:
  explicit MQTTClient(int = 128) {}
  void begin(const char hostname[], Client &client) { begin(hostname, 1883, client); }
  void begin(const char hostname[], int port, Client &client) {
    mqtt_.setClient(client);
    mqtt_.setServer(hostname, static_cast<uint16_t>(port));
  }
  bool connect(const char clientId[]) { return mqtt_.connect(clientId); }
  bool publish(const char topic[], const char payload[]) { return mqtt_.publish(topic, payload); }
  bool loop() { return mqtt_.loop(); }
  bool connected() { return mqtt_.connected(); }

private:
  PubSubClient mqtt_;
};
