/* A TLS connection set up as the frameworks do: esp-tls (ESP-IDF) or WiFiClientSecure (arduino-esp32 2.x). */
#ifndef DEVICE_TLS_H
#define DEVICE_TLS_H

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <stdbool.h>

#include "deviceLog.h"

typedef struct {
  device_platform platform;
  const char *host;
  const char *port;
  const char *servername;
  /* PEM texts, or NULL. */
  const char *ca;
  const char *cert;
  const char *key;
  bool insecure;
  /* ESP32 ignores dates (MBEDTLS_HAVE_TIME_DATE is off there); Debian's library checks them. */
  bool check_dates;
  /* Prints why verification failed, as ESP-IDF does only at debug level. */
  bool debug;
} tls_options;

typedef struct {
  mbedtls_net_context socket;
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config config;
  mbedtls_ctr_drbg_context random;
  mbedtls_entropy_context entropy;
  mbedtls_x509_crt ca;
  mbedtls_x509_crt cert;
  mbedtls_pk_context key;
} tls_connection;

/* 0, or -1 after having printed what the framework prints. Call tls_close in both cases. */
int tls_open(tls_connection *tls, const tls_options *options);
void tls_close(tls_connection *tls);

#endif
