#include "hostPlainClient.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int HostPlainClient::connect(const char *host, uint16_t port) {
  IPAddress address;
  return hostResolve(host, address) ? connect(address, port) : 0;
}

int HostPlainClient::connect(IPAddress ip, uint16_t port) {
  stop();
  socket_ = hostTcpConnect(ip, port, 5000);
  return socket_ >= 0 ? 1 : 0;
}

int HostPlainClient::available() {
  int count = 0;
  if (socket_ < 0 || ioctl(socket_, FIONREAD, &count) != 0) return 0;
  return count;
}

int HostPlainClient::read() {
  uint8_t byte;
  return read(&byte, 1) == 1 ? byte : -1;
}

int HostPlainClient::read(uint8_t *buffer, size_t size) {
  return socket_ < 0 ? -1 : static_cast<int>(recv(socket_, buffer, size, MSG_DONTWAIT));
}

size_t HostPlainClient::write(const uint8_t *bytes, size_t size) {
  ssize_t sent = socket_ < 0 ? -1 : send(socket_, bytes, size, MSG_NOSIGNAL);
  return sent < 0 ? 0 : static_cast<size_t>(sent);
}

void HostPlainClient::stop() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

uint8_t HostPlainClient::connected() {
  if (socket_ < 0) return 0;
  uint8_t byte;
  ssize_t found = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (found == 0) stop();
  return socket_ >= 0;
}
