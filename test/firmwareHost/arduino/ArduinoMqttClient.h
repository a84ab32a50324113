// The part of ArduinoMqttClient's interface (src/MqttClient.h) that sketches connect with.
#pragma once
#include "PubSubClient.h"

class MqttClient {
public:
  MqttClient(Client &client) { mqtt_.setClient(client); }
  void setId(const char *id) { id_ = id; }
  int connect(const char *host, uint16_t port = 1883) {
    mqtt_.setServer(host, port);
    return mqtt_.connect(id_);
  }
  uint8_t connected() { return mqtt_.connected(); }
  void poll() { mqtt_.loop(); }

private:
  PubSubClient mqtt_;
  const char *id_ = "";
};
