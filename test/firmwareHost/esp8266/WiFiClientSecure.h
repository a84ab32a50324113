// The ESP8266 core's BearSSL client over the real BearSSL, set up as libraries/ESP8266WiFi/src/WiFiClientSecureBearSSL.cpp
// does it. Debian has version 0.6, the core a fork of it (earlephilhower/bearssl-esp8266) with the same rules and numbers.
#pragma once
#include <bearssl.h>
#include <vector>
#include "Client.h"
#include "hostNetwork.h"

namespace BearSSL {

class X509List {
public:
  X509List() = default;
  explicit X509List(const char *pem) { append(pem); }
  X509List(const X509List &) = delete;
  /** False where no certificate could be read. */
  bool append(const char *pem);
  size_t getCount() const { return certificates_.size(); }
  const br_x509_certificate *getX509Certs() const { return certificates_.data(); }
  const br_x509_trust_anchor *getTrustAnchors() const { return anchors_.data(); }

private:
  std::vector<br_x509_certificate> certificates_;
  std::vector<br_x509_trust_anchor> anchors_;
};

class PrivateKey {
public:
  PrivateKey() = default;
  explicit PrivateKey(const char *pem) { parse(pem); }
  PrivateKey(const PrivateKey &) = delete;
  bool parse(const char *pem);
  bool isRSA() const { return br_skey_decoder_get_rsa(&decoder_) != nullptr; }
  bool isEC() const { return br_skey_decoder_get_ec(&decoder_) != nullptr; }
  const br_rsa_private_key *getRSA() const { return br_skey_decoder_get_rsa(&decoder_); }
  const br_ec_private_key *getEC() const { return br_skey_decoder_get_ec(&decoder_); }

private:
  br_skey_decoder_context decoder_ = {};
};

class Session {
public:
  br_ssl_session_parameters *getSession() { return &parameters_; }

private:
  br_ssl_session_parameters parameters_ = {};
};

class WiFiClientSecure : public Client {
public:
  ~WiFiClientSecure() { closeSocket(); }
  /** By address no name is checked: the core hands BearSSL none. */
  int connect(IPAddress ip, uint16_t port) override { return open(ip, port, nullptr); }
  int connect(const char *host, uint16_t port) override;
  int available() override;
  int read() override;
  int read(uint8_t *buffer, size_t size) override;
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t size) override;
  void stop() override;
  uint8_t connected() override;

  void setTrustAnchors(const X509List *anchors) { anchors_ = anchors; }
  void setClientRSACert(const X509List *chain, const PrivateKey *key) {
    chain_ = chain;
    key_ = key;
  }
  void setClientECCert(const X509List *chain, const PrivateKey *key, unsigned usages, unsigned issuerKeyType) {
    setClientRSACert(chain, key);
    usages_ = usages;
    issuerKeyType_ = issuerKeyType;
  }
  void setSession(Session *session) { session_ = session; }
  void setBufferSizes(int receive, int send);
  int getLastSSLError(char *text = nullptr, size_t size = 0);
  static bool probeMaxFragmentLength(const char *host, uint16_t port, uint16_t length);

private:
  int open(IPAddress address, uint16_t port, const char *name);
  bool runUntil(unsigned target, bool wait);
  bool exchange(unsigned state, bool wait);
  bool flushSocket();
  void closeSocket();

  const X509List *anchors_ = nullptr;
  const X509List *chain_ = nullptr;
  const PrivateKey *key_ = nullptr;
  Session *session_ = nullptr;
  unsigned usages_ = 0, issuerKeyType_ = 0;
  std::vector<unsigned char> in_, out_;
  /** The first bytes from the broker: its ServerHello. */
  std::string answer_;
  std::string toSend_;
  br_ssl_client_context client_;
  br_x509_minimal_context x509_;
  int socket_ = -1;
  bool started_ = false, done_ = false;
};

}  // namespace BearSSL

using namespace BearSSL;  // as the core's header has it, since 2.5.0
