// The interface of the ESP8266 core's BearSSL client. The TLS behind it is Mbed TLS: this proves the sketch, not BearSSL.
#pragma once
#include "Client.h"
#include "hostNetwork.h"

#define BR_KEYTYPE_RSA 1
#define BR_KEYTYPE_EC 2
#define BR_KEYTYPE_KEYX 0x10
#define BR_KEYTYPE_SIGN 0x20

namespace BearSSL {

// Both copy their text, and neither takes one without a PEM block.
class X509List {
public:
  X509List() = default;
  explicit X509List(const char *pem) { append(pem); }
  X509List(const X509List &) = delete;
  bool append(const char *pem) {
    pem_ += pem;
    return strstr(pem, "-----BEGIN CERTIFICATE-----") != nullptr;
  }
  const char *pem() const { return pem_.c_str(); }

private:
  std::string pem_;
};

class PrivateKey {
public:
  PrivateKey() = default;
  explicit PrivateKey(const char *pem) { parse(pem); }
  PrivateKey(const PrivateKey &) = delete;
  bool parse(const char *pem) {
    pem_ = pem;
    return strstr(pem, "PRIVATE KEY-----") != nullptr;
  }
  bool isEC() const { return true; }
  const char *pem() const { return pem_.c_str(); }

private:
  std::string pem_;
};

class Session {};

class WiFiClientSecure : public Client {
public:
  int connect(IPAddress ip, uint16_t port) override { return connect(ip.toString().c_str(), port); }
  int connect(const char *host, uint16_t port) override;
  int available() override;
  int read() override;
  int read(uint8_t *buffer, size_t size) override;
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t size) override;
  void stop() override;
  uint8_t connected() override;

  void setTrustAnchors(const X509List *anchors) { settings_.ca = anchors->pem(); }
  void setClientECCert(const X509List *chain, const PrivateKey *key, unsigned, unsigned) { setClientRSACert(chain, key); }
  void setClientRSACert(const X509List *chain, const PrivateKey *key) {
    settings_.certificate = chain->pem();
    settings_.key = key->pem();
  }
  void setSession(Session *) {}
  void setBufferSizes(int, int) {}
  int getLastSSLError(char *text = nullptr, size_t size = 0);
  static bool probeMaxFragmentLength(const char *, uint16_t, uint16_t) { return true; }

private:
  HostTlsSettings settings_;
  HostTls tls_;
  bool connected_ = false;
  int error_ = 0;
};

}  // namespace BearSSL

using namespace BearSSL;  // as the core's header has it, since 2.5.0
