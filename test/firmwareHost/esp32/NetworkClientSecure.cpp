#include "NetworkClientSecure.h"
#include <mbedtls/error.h>

int NetworkClientSecure::connect(IPAddress ip, uint16_t port) { return connect(ip.toString().c_str(), port); }

int NetworkClientSecure::connect(const char *host, uint16_t port) {
  IPAddress address;
  if (!hostResolve(host, address)) return 0;
  lastError_ = tls_.open(address, port, host, settings_);
  connected_ = lastError_ >= 0;
  return connected_ ? 1 : 0;
}

int NetworkClientSecure::available() {
  if (!connected_) return 0;
  int count = tls_.available();
  if (count < 0) stop();
  return count < 0 ? 0 : count;
}

int NetworkClientSecure::read() {
  uint8_t byte;
  return read(&byte, 1) == 1 ? byte : -1;
}

int NetworkClientSecure::read(uint8_t *buffer, size_t size) {
  if (!connected_ || available() <= 0) return -1;
  return tls_.read(buffer, size);
}

size_t NetworkClientSecure::write(const uint8_t *bytes, size_t size) {
  if (!connected_) return 0;
  int sent = tls_.write(bytes, size);
  if (sent < 0) stop();
  return sent < 0 ? 0 : sent;
}

void NetworkClientSecure::stop() {
  tls_.close();
  connected_ = false;
}

uint8_t NetworkClientSecure::connected() {
  available();
  return connected_;
}

int NetworkClientSecure::lastError(char *buffer, const size_t size) {
  mbedtls_strerror(lastError_, buffer, size);
  return lastError_;
}

bool NetworkClientSecure::load(Stream &stream, size_t size, const char *&slot) {
  char *copy = static_cast<char *>(malloc(size + 1));
  if (!copy || stream.readBytes(copy, size) != size) return false;
  copy[size] = '\0';
  slot = copy;
  return true;
}
