// The part of Adafruit MQTT's interface (Adafruit_MQTT_Client.h, Adafruit_MQTT.h) that sketches connect with.
#pragma once
#include "PubSubClient.h"

class Adafruit_MQTT_Client {
public:
  Adafruit_MQTT_Client(Client *client, const char *server, uint16_t port, const char *cid, const char *, const char *)
      : id_(cid) {
    mqtt_.setClient(*client);
    mqtt_.setServer(server, port);
  }
  int8_t connect() { return mqtt_.connect(id_) ? 0 : -1; }
  bool connected() { return mqtt_.connected(); }
  bool ping() { return mqtt_.loop(); }

private:
  PubSubClient mqtt_;
  const char *id_;
};
