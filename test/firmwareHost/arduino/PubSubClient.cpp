#include "PubSubClient.h"
#include <algorithm>

static void addString(std::vector<uint8_t> &body, const char *text) {
  size_t length = strlen(text);
  body.push_back(length >> 8);
  body.push_back(length & 0xff);
  body.insert(body.end(), text, text + length);
}

PubSubClient &PubSubClient::setServer(const char *domain, uint16_t port) {
  domain_ = domain;  // the real one keeps the pointer too
  port_ = port;
  return *this;
}
PubSubClient &PubSubClient::setCallback(Callback callback) {
  callback_ = callback;
  return *this;
}
PubSubClient &PubSubClient::setKeepAlive(uint16_t seconds) {
  keepAlive_ = seconds;
  return *this;
}
PubSubClient &PubSubClient::setSocketTimeout(uint16_t seconds) {
  timeout_ = seconds;
  return *this;
}
boolean PubSubClient::setBufferSize(uint16_t size) {
  bufferSize_ = size;
  return size > 0;
}

boolean PubSubClient::connect(const char *id, const char *user, const char *pass, const char *willTopic, uint8_t willQos,
                              boolean willRetain, const char *willMessage, boolean cleanSession) {
  if (client_->connect(domain_, port_) != 1) {
    state_ = MQTT_CONNECT_FAILED;
    return false;
  }
  uint8_t flags = cleanSession ? 2 : 0;
  if (willTopic) flags |= 4 | (willQos << 3) | (willRetain << 5);
  if (user) flags |= 0x80 | (pass ? 0x40 : 0);
  std::vector<uint8_t> body = {0, 4, 'M', 'Q', 'T', 'T', 4, flags, static_cast<uint8_t>(keepAlive_ >> 8),
                               static_cast<uint8_t>(keepAlive_ & 0xff)};
  addString(body, id);
  if (willTopic) {
    addString(body, willTopic);
    addString(body, willMessage);
  }
  if (user) addString(body, user);
  if (user && pass) addString(body, pass);
  std::vector<uint8_t> answer;
  lastIn_ = lastOut_ = millis();
  pinging_ = false;
  if (!send(0x10, body) || !receive(answer) || answer.size() < 4) {
    state_ = MQTT_CONNECTION_TIMEOUT;
    client_->stop();
    return false;
  }
  state_ = answer[3];
  if (state_ != MQTT_CONNECTED) client_->stop();
  return state_ == MQTT_CONNECTED;
}

boolean PubSubClient::connected() {
  if (client_->connected()) return state_ == MQTT_CONNECTED;
  if (state_ == MQTT_CONNECTED) {
    state_ = MQTT_CONNECTION_LOST;
    client_->stop();
  }
  return false;
}

boolean PubSubClient::publish(const char *topic, const char *payload, boolean retained) {
  return publish(topic, reinterpret_cast<const uint8_t *>(payload), strlen(payload), retained);
}

boolean PubSubClient::publish(const char *topic, const uint8_t *payload, unsigned int length, boolean retained) {
  if (!connected() || 5 + 2 + strlen(topic) + length > bufferSize_) return false;
  std::vector<uint8_t> body;
  addString(body, topic);
  body.insert(body.end(), payload, payload + length);
  return send(0x30 | (retained ? 1 : 0), body);
}

boolean PubSubClient::subscribe(const char *topic, uint8_t qos) {
  std::vector<uint8_t> body = {static_cast<uint8_t>(nextId_ >> 8), static_cast<uint8_t>(nextId_ & 0xff)};
  nextId_++;
  addString(body, topic);
  body.push_back(qos);
  return connected() && send(0x82, body);
}

void PubSubClient::disconnect() {
  send(0xe0, {});
  state_ = MQTT_DISCONNECTED;
  client_->stop();
}

boolean PubSubClient::loop() {
  if (!connected()) return false;
  unsigned long now = millis();
  if (now - lastIn_ > keepAlive_ * 1000UL || now - lastOut_ > keepAlive_ * 1000UL) {
    if (pinging_) {
      state_ = MQTT_CONNECTION_TIMEOUT;
      client_->stop();
      return false;
    }
    send(0xc0, {});
    lastIn_ = now;
    pinging_ = true;
  }
  std::vector<uint8_t> packet;
  if (client_->available() > 0 && receive(packet)) handle(packet);
  return connected();
}

void PubSubClient::handle(const std::vector<uint8_t> &packet) {
  if (packet.size() > bufferSize_) return;  // dropped in silence
  uint8_t type = packet[0] & 0xf0;
  if (type == 0xd0) pinging_ = false;
  if (type != 0x30) return;
  size_t at = 1;
  while (packet[at] & 0x80) at++;
  at++;
  size_t length = packet[at] << 8 | packet[at + 1];
  size_t payload = at + 2 + length;
  if (packet[0] & 0x02) {
    send(0x40, {packet[payload], packet[payload + 1]});
    payload += 2;
  }
  buffer_.assign(bufferSize_ + 1, 0);
  std::copy(packet.begin() + at + 2, packet.begin() + at + 2 + length, buffer_.begin());
  std::copy(packet.begin() + payload, packet.end(), buffer_.begin() + length + 1);
  char *topic = reinterpret_cast<char *>(buffer_.data());
  if (callback_) callback_(topic, buffer_.data() + length + 1, packet.size() - payload);
}

boolean PubSubClient::send(uint8_t header, const std::vector<uint8_t> &body) {
  std::vector<uint8_t> packet = {header};
  size_t length = body.size();
  do {
    packet.push_back((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
    length >>= 7;
  } while (length);
  packet.insert(packet.end(), body.begin(), body.end());
  if ((header & 0xf0) != 0x40) std::copy_n(packet.begin(), std::min(packet.size(), buffer_.size()), buffer_.begin());
  lastOut_ = millis();
  return client_->write(packet.data(), packet.size()) == packet.size();
}

int PubSubClient::readByte() {
  unsigned long start = millis();
  while (client_->available() <= 0) {
    if (!client_->connected() || millis() - start > timeout_ * 1000UL) return -1;
    delay(1);
  }
  return client_->read();
}

boolean PubSubClient::receive(std::vector<uint8_t> &packet) {
  int byte = readByte();
  if (byte < 0) return false;
  packet.push_back(byte);
  size_t length = 0, shift = 0;
  do {
    if ((byte = readByte()) < 0) return false;
    packet.push_back(byte);
    length |= static_cast<size_t>(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  while (length--) {
    if ((byte = readByte()) < 0) return false;
    packet.push_back(byte);
  }
  lastIn_ = millis();
  return true;
}
