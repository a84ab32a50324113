#include "ESP8266WebServer.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

void ESP8266WebServer::begin() {
  const char *port = getenv("HOST_HTTP_PORT");
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_port = htons(port ? atoi(port) : wanted_);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<sockaddr *>(&at), sizeof at) != 0 || listen(listener_, 4) != 0) abort();
}

static std::string urlDecode(const std::string &text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '+') out += ' ';
    else if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else out += text[i];
  }
  return out;
}

void ESP8266WebServer::parseArguments(const std::string &form) {
  arguments_.clear();
  for (size_t at = 0; at < form.size();) {
    size_t end = std::min(form.find('&', at), form.size());
    std::string pair = form.substr(at, end - at);
    size_t equals = std::min(pair.find('='), pair.size());
    arguments_[urlDecode(pair.substr(0, equals))] = urlDecode(equals < pair.size() ? pair.substr(equals + 1) : "");
    at = end + 1;
  }
}

const String &ESP8266WebServer::arg(const String &name) const {
  static const String none;
  auto found = arguments_.find(name);
  return found == arguments_.end() ? none : found->second;
}

void ESP8266WebServer::handleClient() {
  client_ = accept(listener_, nullptr, nullptr);
  if (client_ < 0) return;
  std::string request;
  char part[1024];
  size_t bodyAt = std::string::npos, length = 0;
  while (bodyAt == std::string::npos || request.size() < bodyAt + length) {
    ssize_t n = recv(client_, part, sizeof part, 0);
    if (n <= 0) break;
    request.append(part, n);
    size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    bodyAt = end + 4;
    size_t header = request.find("ontent-");
    while (header != std::string::npos && strncasecmp(&request[header], "ontent-length:", 14) != 0)
      header = request.find("ontent-", header + 1);
    if (header != std::string::npos) length = strtoul(&request[header + 14], nullptr, 10);
  }
  HTTPMethod method = request.compare(0, 5, "POST ") == 0 ? HTTP_POST : HTTP_GET;
  size_t from = request.find(' ') + 1;
  std::string uri = request.substr(from, request.find(' ', from) - from);
  parseArguments(bodyAt == std::string::npos ? "" : request.substr(bodyAt));
  auto found = handlers_.find({uri, method});
  headers_.clear();
  if (found != handlers_.end()) found->second();
  else if (notFound_) notFound_();
  close(client_);
}

void ESP8266WebServer::sendHeader(const String &name, const String &value, bool) {
  headers_ += name + ": " + value + "\r\n";
}

void ESP8266WebServer::send_P(int code, PGM_P type, PGM_P content) {
  std::string answer = "HTTP/1.1 " + std::to_string(code) + " X\r\nContent-Type: " + type +
                       "\r\nContent-Length: " + std::to_string(strlen(content)) + "\r\nConnection: close\r\n" + headers_ +
                       "\r\n" + content;
  if (::send(client_, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) perror("send");
}
