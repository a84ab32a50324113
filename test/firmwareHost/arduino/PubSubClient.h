// PubSubClient 2.8's interface (knolleary/pubsubclient), own code: MQTT 3.1.1 with QoS 0 out and QoS 0 and 1 in.
#pragma once
#include <functional>
#include <vector>
#include "Client.h"

#define MQTT_CONNECTION_TIMEOUT -4
#define MQTT_CONNECTION_LOST -3
#define MQTT_CONNECT_FAILED -2
#define MQTT_DISCONNECTED -1
#define MQTT_CONNECTED 0

class PubSubClient {
public:
  using Callback = std::function<void(char *, uint8_t *, unsigned int)>;
  PubSubClient() {}
  PubSubClient(Client &client) : client_(&client) {}
  PubSubClient(const char *domain, uint16_t port, Client &client) : client_(&client), domain_(domain), port_(port) {}
  PubSubClient(const char *domain, uint16_t port, Callback callback, Client &client)
      : client_(&client), callback_(callback), domain_(domain), port_(port) {}
  PubSubClient &setClient(Client &client) {
    client_ = &client;
    return *this;
  }
  PubSubClient &setServer(const char *domain, uint16_t port);
  PubSubClient &setCallback(Callback callback);
  PubSubClient &setKeepAlive(uint16_t seconds);
  PubSubClient &setSocketTimeout(uint16_t seconds);
  boolean setBufferSize(uint16_t size);
  uint16_t getBufferSize() { return bufferSize_; }
  boolean connect(const char *id, const char *user, const char *pass, const char *willTopic, uint8_t willQos,
                  boolean willRetain, const char *willMessage, boolean cleanSession);
  boolean connect(const char *id) { return connect(id, nullptr, nullptr); }
  boolean connect(const char *id, const char *user, const char *pass) {
    return connect(id, user, pass, nullptr, 0, false, nullptr, true);
  }
  boolean subscribe(const char *topic) { return subscribe(topic, 0); }
  boolean publish(const char *topic, const char *payload) { return publish(topic, payload, false); }
  boolean publish(const char *topic, const char *payload, boolean retained);
  boolean publish(const char *topic, const uint8_t *payload, unsigned int length, boolean retained);
  boolean subscribe(const char *topic, uint8_t qos);
  void disconnect();
  boolean loop();
  boolean connected();
  int state() { return state_; }

private:
  boolean send(uint8_t header, const std::vector<uint8_t> &body);
  boolean receive(std::vector<uint8_t> &packet);
  int readByte();
  void handle(const std::vector<uint8_t> &packet);

  Client *client_ = nullptr;
  Callback callback_;
  std::vector<uint8_t> buffer_;  // one for both directions, as there: publishing overwrites what was received
  const char *domain_ = "";
  uint16_t port_ = 0, keepAlive_ = 15, timeout_ = 15, bufferSize_ = 256, nextId_ = 1;
  int state_ = MQTT_DISCONNECTED;
  unsigned long lastOut_ = 0, lastIn_ = 0;
  bool pinging_ = false;
};
