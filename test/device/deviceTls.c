/*
 * Follows ESP-IDF components/esp-tls/esp_tls.c and esp_tls_mbedtls.c, and arduino-esp32 2.0
 * libraries/WiFiClientSecure/src/ssl_client.cpp, in what is called, in which order, and what is printed.
 */
#include "deviceTls.h"

#include <errno.h>
#include <fcntl.h>
#include <mbedtls/error.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_SECONDS 10

static const char *TAG = "esp-tls-mbedtls";

/* What lwIP makes of a refused connection (err.c: ERR_RST is ECONNRESET): boards print that, not "refused". */
static int lwip_errno(int error) { return error == ECONNREFUSED ? ECONNRESET : error; }

static int library_failed(const tls_options *options, const char *function, int line, const char *what, int ret) {
  if (options->platform == PLATFORM_ARDUINO) {
    char text[100];
    mbedtls_strerror(ret, text, sizeof text);
    arduino_log('E', "ssl_client.cpp", 37, "_handle_error", "[%s():%d]: (%d) %s", function, line, ret, text);
    arduino_log('E', "WiFiClientSecure.cpp", 144, "connect", "start_ssl_client: %d", ret);
  } else {
    idf_log('E', TAG, "%s returned -0x%04X", what, (unsigned)-ret);
  }
  return -1;
}

static int socket_failed(const tls_options *options, int fd, int error) {
  error = lwip_errno(error);
  if (options->platform == PLATFORM_ARDUINO) {
    arduino_log('E', "ssl_client.cpp", 129, "start_ssl_client", "socket error on fd %d, errno: %d, \"%s\"", fd, error,
                strerror(error));
    arduino_log('E', "WiFiClientSecure.cpp", 144, "connect", "start_ssl_client: -1");
  } else {
    idf_log('E', "esp-tls", "[sock=%d] delayed connect error: %s", fd, strerror(error));
  }
  return -1;
}

static int timed_out(const tls_options *options, int fd) {
  if (options->platform == PLATFORM_ARDUINO) {
    arduino_log('E', "WiFiClientSecure.cpp", 144, "connect", "start_ssl_client: -1");
  } else {
    idf_log('E', "esp-tls", "[sock=%d] select() timeout", fd);
  }
  return -1;
}

/* Connects without blocking for longer than TIMEOUT_SECONDS, as tcp_connect() in esp_tls.c does. */
static int connect_socket(tls_connection *tls, const tls_options *options) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *address = NULL;
  if (getaddrinfo(options->host, options->port, &hints, &address) != 0 || address == NULL) {
    if (options->platform == PLATFORM_ARDUINO) {
      arduino_log('E', "WiFiGeneric.cpp", 1583, "hostByName", "DNS Failed for %s", options->host);
    } else {
      /* lwIP's EAI_FAIL is 202. */
      idf_log('E', "esp-tls", "couldn't get hostname for :%s: getaddrinfo() returns 202, addrinfo=0x0", options->host);
    }
    return -1;
  }
  int fd = socket(address->ai_family, SOCK_STREAM, IPPROTO_TCP);
  tls->socket.fd = fd;
  const int flags = fcntl(fd, F_GETFL, 0);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  int result = connect(fd, address->ai_addr, address->ai_addrlen);
  freeaddrinfo(address);
  if (result < 0 && errno != EINPROGRESS) return socket_failed(options, fd, errno);
  if (result < 0) {
    fd_set writable;
    struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    if (select(fd + 1, NULL, &writable, NULL, &limit) <= 0) return timed_out(options, fd);
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) return socket_failed(options, fd, error);
  }
  fcntl(fd, F_SETFL, flags);
  const struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return 0;
}

static int ignore_dates(void *unused, mbedtls_x509_crt *crt, int depth, uint32_t *flags) {
  (void)unused, (void)crt, (void)depth;
  *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  return 0;
}

static int set_ca(tls_connection *tls, const tls_options *options) {
  if (options->insecure) {
    mbedtls_ssl_conf_authmode(&tls->config, MBEDTLS_SSL_VERIFY_NONE);
    return 0;
  }
  if (options->ca == NULL) {
    if (options->platform == PLATFORM_ARDUINO) {
      arduino_log('E', "WiFiClientSecure.cpp", 144, "connect", "start_ssl_client: -1");
      return -1;
    }
    idf_log('E', TAG, "No server verification option set in esp_tls_cfg_t structure. Check esp_tls API reference");
    idf_log('E', TAG, "Failed to set client configurations, returned [0x8017] (ESP_ERR_MBEDTLS_SSL_SETUP_FAILED)");
    idf_log('E', "esp-tls", "create_ssl_handle failed");
    return -1;
  }
  int ret = mbedtls_x509_crt_parse(&tls->ca, (const unsigned char *)options->ca, strlen(options->ca) + 1);
  if (ret < 0) return library_failed(options, "start_ssl_client", 212, "mbedtls_x509_crt_parse of CA cert", ret);
  mbedtls_ssl_conf_authmode(&tls->config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain(&tls->config, &tls->ca, NULL);
  if (!options->check_dates) mbedtls_ssl_conf_verify(&tls->config, ignore_dates, NULL);
  return 0;
}

static int set_identity(tls_connection *tls, const tls_options *options) {
  /* setInsecure() drops the client certificate on Arduino: ssl_client.cpp loads the pair only `if (!insecure && ...)`. */
  if (options->insecure && options->platform == PLATFORM_ARDUINO) return 0;
  if (options->cert == NULL || options->key == NULL) return 0;
  int ret = mbedtls_x509_crt_parse(&tls->cert, (const unsigned char *)options->cert, strlen(options->cert) + 1);
  if (ret < 0) return library_failed(options, "start_ssl_client", 252, "mbedtls_x509_crt_parse of public cert", ret);
  ret = mbedtls_pk_parse_key(&tls->key, (const unsigned char *)options->key, strlen(options->key) + 1, NULL, 0);
  if (ret < 0) return library_failed(options, "start_ssl_client", 261, "mbedtls_pk_parse_keyfile", ret);
  ret = mbedtls_ssl_conf_own_cert(&tls->config, &tls->cert, &tls->key);
  if (ret < 0) return library_failed(options, "start_ssl_client", 265, "mbedtls_ssl_conf_own_cert", ret);
  return 0;
}

/*
 * A flight of the handshake leaves in one piece, as it does where the broker is further away than this machine's
 * loopback: a broker that refuses the first message of a flight would otherwise reset the line between two writes, and
 * the alert, which a board reads, would be lost.
 */
static void cork(void *socket, int on) {
  setsockopt(((mbedtls_net_context *)socket)->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

static int send_corked(void *socket, const unsigned char *bytes, size_t length) {
  cork(socket, 1);
  return mbedtls_net_send(socket, bytes, length);
}

static int receive_uncorked(void *socket, unsigned char *bytes, size_t length) {
  cork(socket, 0);
  return mbedtls_net_recv(socket, bytes, length);
}

static int handshake(tls_connection *tls, const tls_options *options) {
  mbedtls_ssl_set_bio(&tls->ssl, &tls->socket, send_corked, receive_uncorked, NULL);
  const int ret = mbedtls_ssl_handshake(&tls->ssl);
  cork(&tls->socket, 0);
  mbedtls_ssl_set_bio(&tls->ssl, &tls->socket, mbedtls_net_send, mbedtls_net_recv, NULL);
  if (ret == 0) return 0;
  library_failed(options, "start_ssl_client", 273, "mbedtls_ssl_handshake", ret);
  if (options->platform == PLATFORM_ARDUINO) return -1;
  /* ESP-IDF 4.4 and 5 print this after any failed handshake, also when no certificate came. */
  if (options->ca != NULL) {
    const uint32_t flags = mbedtls_ssl_get_verify_result(&tls->ssl);
    idf_log('I', TAG, flags != 0 ? "Failed to verify peer certificate!" : "Certificate verified.");
    if (options->debug && flags != 0) {
      char text[400] = "";
      mbedtls_x509_crt_verify_info(text, sizeof text, "  ! ", flags);
      for (char *c = text; *c != '\0'; c++)
        if (*c == '\n') *c = ' ';
      idf_log('D', TAG, "verification info: %s", text);
    }
  }
  return -1;
}

static int configure(tls_connection *tls, const tls_options *options) {
  int ret = mbedtls_ctr_drbg_seed(&tls->random, mbedtls_entropy_func, &tls->entropy, NULL, 0);
  if (ret != 0) return library_failed(options, "start_ssl_client", 181, "mbedtls_ctr_drbg_seed", ret);
  ret = mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT);
  if (ret != 0) return library_failed(options, "start_ssl_client", 188, "mbedtls_ssl_config_defaults", ret);
  mbedtls_ssl_conf_rng(&tls->config, mbedtls_ctr_drbg_random, &tls->random);
  if (set_ca(tls, options) != 0 || set_identity(tls, options) != 0) return -1;
  ret = mbedtls_ssl_setup(&tls->ssl, &tls->config);
  if (ret != 0) return library_failed(options, "start_ssl_client", 270, "mbedtls_ssl_setup", ret);
  ret = mbedtls_ssl_set_hostname(&tls->ssl, options->servername);
  if (ret != 0) return library_failed(options, "start_ssl_client", 268, "mbedtls_ssl_set_hostname", ret);
  return 0;
}

int tls_open(tls_connection *tls, const tls_options *options) {
  mbedtls_net_init(&tls->socket);
  mbedtls_ssl_init(&tls->ssl);
  mbedtls_ssl_config_init(&tls->config);
  mbedtls_ctr_drbg_init(&tls->random);
  mbedtls_entropy_init(&tls->entropy);
  mbedtls_x509_crt_init(&tls->ca);
  mbedtls_x509_crt_init(&tls->cert);
  mbedtls_pk_init(&tls->key);
  if (connect_socket(tls, options) == 0 && configure(tls, options) == 0 && handshake(tls, options) == 0) return 0;
  if (options->platform == PLATFORM_ESP_IDF) {
    idf_log('E', "esp-tls", "Failed to open new connection");
    idf_log('E', "transport_base", "Failed to open a new connection");
    idf_log('E', "mqtt_client", "Error transport connect");
  } else {
    plain_log("MQTT connection failed, rc=-2");
  }
  return -1;
}

void tls_close(tls_connection *tls) {
  mbedtls_ssl_close_notify(&tls->ssl);
  mbedtls_net_free(&tls->socket);
  mbedtls_ssl_free(&tls->ssl);
  mbedtls_ssl_config_free(&tls->config);
  mbedtls_ctr_drbg_free(&tls->random);
  mbedtls_entropy_free(&tls->entropy);
  mbedtls_x509_crt_free(&tls->ca);
  mbedtls_x509_crt_free(&tls->cert);
  mbedtls_pk_free(&tls->key);
}
