// The ESP8266 core's web server on Linux: really HTTP, on 127.0.0.1 and the port HOST_HTTP_PORT.
#pragma once
#include <functional>
#include <map>
#include "Arduino.h"

enum HTTPMethod { HTTP_ANY, HTTP_GET, HTTP_HEAD, HTTP_POST };

class ESP8266WebServer {
public:
  typedef std::function<void(void)> THandlerFunction;
  explicit ESP8266WebServer(int port = 80) : wanted_(port) {}
  void begin();
  void handleClient();
  void on(const String &uri, HTTPMethod method, THandlerFunction handler) { handlers_[{uri, method}] = handler; }
  void onNotFound(THandlerFunction handler) { notFound_ = handler; }
  const String &arg(const String &name) const;
  void sendHeader(const String &name, const String &value, bool first = false);
  void send(int code, const char *type, const char *content) { send_P(code, type, content); }
  void send_P(int code, PGM_P type, PGM_P content);

private:
  void parseArguments(const std::string &form);
  int wanted_, listener_ = -1, client_ = -1;
  std::map<std::pair<std::string, int>, THandlerFunction> handlers_;
  std::map<std::string, String> arguments_;
  std::string headers_;
  THandlerFunction notFound_;
};
