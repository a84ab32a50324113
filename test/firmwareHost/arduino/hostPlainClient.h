// A plain TCP connection on Linux, behind Arduino's client interface: WiFiClient.
#pragma once
#include "Client.h"
#include "hostNetwork.h"

class HostPlainClient : public Client {
public:
  ~HostPlainClient() override { HostPlainClient::stop(); }
  int connect(IPAddress ip, uint16_t port) override;
  int connect(const char *host, uint16_t port) override;
  int available() override;
  int read() override;
  int read(uint8_t *buffer, size_t size) override;
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t size) override;
  void stop() override;
  uint8_t connected() override;

private:
  int socket_ = -1;
};
