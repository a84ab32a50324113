#include "hostNetwork.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

bool hostResolve(const char *name, IPAddress &address) {
  const char *names = getenv("HOST_NAMES");
  std::string list = names ? names : "";
  std::string wanted = std::string(name) + "=";
  for (size_t at = 0; at < list.size();) {
    size_t end = std::min(list.find(',', at), list.size());
    if (list.compare(at, wanted.size(), wanted) == 0) {
      address = IPAddress(inet_addr(list.substr(at + wanted.size(), end - at - wanted.size()).c_str()));
      return true;
    }
    at = end + 1;
  }
  in_addr plain;
  if (inet_aton(name, &plain) == 0) return false;
  address = IPAddress(plain.s_addr);
  return true;
}

int hostTcpConnect(IPAddress address, uint16_t port, unsigned long timeoutMs) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return -1;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = address.address();
  connect(fd, reinterpret_cast<sockaddr *>(&to), sizeof to);
  pollfd wait = {fd, POLLOUT, 0};
  int error = 0;
  socklen_t size = sizeof error;
  if (poll(&wait, 1, static_cast<int>(timeoutMs)) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
      error == 0) {
    return fd;
  }
  close(fd);
  return -1;
}

int HostTls::open(IPAddress address, uint16_t port, const char *name, const HostTlsSettings &settings) {
  close();
  if (!settings.ca && !(settings.pskIdentity && settings.pskHex)) return -1;
  int fd = hostTcpConnect(address, port, settings.timeoutMs);
  if (fd < 0) return -1;
  socket_ = fd;
  active_ = true;
  mbedtls_ssl_init(&ssl_);
  mbedtls_ssl_config_init(&config_);
  mbedtls_entropy_init(&entropy_);
  mbedtls_ctr_drbg_init(&random_);
  mbedtls_x509_crt_init(&ca_);
  mbedtls_x509_crt_init(&certificate_);
  mbedtls_pk_init(&key_);
  int result = handshake(name, settings);
  if (result < 0) close();
  return result < 0 ? result : fd;
}

int HostTls::handshake(const char *name, const HostTlsSettings &settings) {
  int e;
  if ((e = mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, nullptr, 0)) < 0) return e;
  if ((e = mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                       MBEDTLS_SSL_PRESET_DEFAULT)) != 0) {
    return e;
  }
  if (settings.alpn && (e = mbedtls_ssl_conf_alpn_protocols(&config_, settings.alpn)) != 0) return e;
  if (settings.ca) {
    const auto *pem = reinterpret_cast<const unsigned char *>(settings.ca);
    mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
    if ((e = mbedtls_x509_crt_parse(&ca_, pem, strlen(settings.ca) + 1)) < 0) return e;
    mbedtls_ssl_conf_ca_chain(&config_, &ca_, nullptr);
  } else if ((e = setPsk(settings.pskIdentity, settings.pskHex)) != 0) {
    return e;
  }
  if (settings.certificate && settings.key) {
    const auto *pem = reinterpret_cast<const unsigned char *>(settings.certificate);
    const auto *key = reinterpret_cast<const unsigned char *>(settings.key);
    if ((e = mbedtls_x509_crt_parse(&certificate_, pem, strlen(settings.certificate) + 1)) < 0) return e;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    e = mbedtls_pk_parse_key(&key_, key, strlen(settings.key) + 1, nullptr, 0, mbedtls_ctr_drbg_random, &random_);
#else
    e = mbedtls_pk_parse_key(&key_, key, strlen(settings.key) + 1, nullptr, 0);
#endif
    if (e != 0) return e;
    if ((e = mbedtls_ssl_conf_own_cert(&config_, &certificate_, &key_)) != 0) return e;
  }
  if ((e = mbedtls_ssl_set_hostname(&ssl_, name)) != 0) return e;
  mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_);
  if ((e = mbedtls_ssl_setup(&ssl_, &config_)) != 0) return e;
  mbedtls_ssl_set_bio(&ssl_, &socket_, mbedtls_net_send, mbedtls_net_recv, nullptr);
  unsigned long start = millis();
  while ((e = mbedtls_ssl_handshake(&ssl_)) != 0) {
    if (e != MBEDTLS_ERR_SSL_WANT_READ && e != MBEDTLS_ERR_SSL_WANT_WRITE) return e;
    if (millis() - start > settings.timeoutMs) return -1;
    delay(1);
  }
  return 0;
}

int HostTls::setPsk(const char *identity, const char *hex) {
  unsigned char key[32];
  size_t length = strlen(hex) / 2;
  if (length > sizeof key) return -1;
  for (size_t i = 0; i < length; i++) {
    unsigned value;
    if (sscanf(hex + 2 * i, "%2x", &value) != 1) return -1;
    key[i] = static_cast<unsigned char>(value);
  }
  return mbedtls_ssl_conf_psk(&config_, key, length, reinterpret_cast<const unsigned char *>(identity), strlen(identity));
}

int HostTls::available() {
  if (!active_) return -1;
  int e = mbedtls_ssl_read(&ssl_, nullptr, 0);
  if (e < 0 && e != MBEDTLS_ERR_SSL_WANT_READ && e != MBEDTLS_ERR_SSL_WANT_WRITE) return e;
  return static_cast<int>(mbedtls_ssl_get_bytes_avail(&ssl_));
}

int HostTls::read(uint8_t *buffer, size_t size) { return active_ ? mbedtls_ssl_read(&ssl_, buffer, size) : -1; }

int HostTls::write(const uint8_t *bytes, size_t size) {
  size_t sent = 0;
  while (active_ && sent < size) {
    int e = mbedtls_ssl_write(&ssl_, bytes + sent, size - sent);
    if (e > 0) sent += e;
    else if (e != MBEDTLS_ERR_SSL_WANT_READ && e != MBEDTLS_ERR_SSL_WANT_WRITE) return e;
    else delay(1);
  }
  return static_cast<int>(sent);
}

void HostTls::close() {
  if (!active_) return;
  active_ = false;
  ::close(socket_);
  socket_ = -1;
  mbedtls_x509_crt_free(&ca_);
  mbedtls_x509_crt_free(&certificate_);
  mbedtls_pk_free(&key_);
  mbedtls_ssl_free(&ssl_);
  mbedtls_ssl_config_free(&config_);
  mbedtls_ctr_drbg_free(&random_);
  mbedtls_entropy_free(&entropy_);
}
