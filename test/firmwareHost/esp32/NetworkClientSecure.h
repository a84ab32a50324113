// arduino-esp32's TLS client (3.x name), over the host's Mbed TLS. last_error behaves as there: set by connect() alone.
#pragma once
#include "Client.h"
#include "hostNetwork.h"

class NetworkClientSecure : public Client {
public:
  int connect(IPAddress ip, uint16_t port) override;
  int connect(const char *host, uint16_t port) override;
  int available() override;
  int read() override;
  int read(uint8_t *buffer, size_t size) override;
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t size) override;
  void stop() override;
  uint8_t connected() override;
  int lastError(char *buffer, const size_t size);
  void setCACert(const char *pem) { settings_.ca = pem; }
  void setCertificate(const char *pem) { settings_.certificate = pem; }
  void setPrivateKey(const char *pem) { settings_.key = pem; }
  void setPreSharedKey(const char *identity, const char *hex) {
    settings_.pskIdentity = identity;
    settings_.pskHex = hex;
  }
  // The roots that the bundle is to hold: PEM text in HOST_CA_BUNDLE.
  void useBuiltinCACertBundle() { settings_.ca = getenv("HOST_CA_BUNDLE"); }
  void setAlpnProtocols(const char **protocols) { settings_.alpn = protocols; }
  void setHandshakeTimeout(unsigned long seconds) { settings_.timeoutMs = seconds * 1000; }
  bool loadCACert(Stream &stream, size_t size) { return load(stream, size, settings_.ca); }
  bool loadCertificate(Stream &stream, size_t size) { return load(stream, size, settings_.certificate); }
  bool loadPrivateKey(Stream &stream, size_t size) { return load(stream, size, settings_.key); }

private:
  bool load(Stream &stream, size_t size, const char *&slot);
  HostTlsSettings settings_;
  HostTls tls_;
  bool connected_ = false;
  int lastError_ = 0;
};
