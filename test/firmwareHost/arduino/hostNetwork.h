// A TLS connection over Mbed TLS, as arduino-esp32's ssl_client makes it: same order of calls, same return values.
#pragma once
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include "Arduino.h"

struct HostTlsSettings {
  const char *ca = nullptr;
  const char *certificate = nullptr;
  const char *key = nullptr;
  const char *pskIdentity = nullptr;
  const char *pskHex = nullptr;
  const char **alpn = nullptr;
  unsigned long timeoutMs = 30000;
};

/** Looks up HOST_NAMES ("name=address,name=address") first, so that tests need no DNS. */
bool hostResolve(const char *name, IPAddress &address);

/** The socket, or -1. */
int hostTcpConnect(IPAddress address, uint16_t port, unsigned long timeoutMs);

class HostTls {
public:
  ~HostTls() { close(); }
  /** The socket, or a negative code of Mbed TLS, or -1 where it is not TLS that failed. */
  int open(IPAddress address, uint16_t port, const char *name, const HostTlsSettings &settings);
  /** Bytes that can be read without waiting; negative once the connection is gone. */
  int available();
  int read(uint8_t *buffer, size_t size);
  int write(const uint8_t *bytes, size_t size);
  void close();

private:
  int handshake(const char *name, const HostTlsSettings &settings);
  int setPsk(const char *identity, const char *hex);

  int socket_ = -1;
  bool active_ = false;
  mbedtls_ssl_context ssl_;
  mbedtls_ssl_config config_;
  mbedtls_entropy_context entropy_;
  mbedtls_ctr_drbg_context random_;
  mbedtls_x509_crt ca_, certificate_;
  mbedtls_pk_context key_;
};
