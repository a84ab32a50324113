// The Arduino core's functions on Linux, and main(): setup() once, then loop() until HOST_RUN_MS have passed.
#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>
#include <unistd.h>
#include "Arduino.h"
#include "Wire.h"

HostSerial Serial;
EspClass ESP;

size_t strlcpy(char *to, const char *from, size_t size) {
  snprintf(to, size, "%s", from);
  return strlen(from);
}

unsigned long millis() {
  static const auto start = std::chrono::steady_clock::now();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
}

void delay(unsigned long ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

#ifdef ESP8266
void configTime(const char *zone, const char *, const char *, const char *) {
#else
void configTzTime(const char *zone, const char *, const char *, const char *) {
#endif
  setenv("TZ", zone, 1);
  tzset();
}

long random(long upTo) { return upTo > 0 ? std::rand() % upTo : 0; }

uint32_t EspClass::random() { return std::random_device{}(); }

String IPAddress::toString() const {
  in_addr in = {address_};
  return String(inet_ntoa(in));
}

size_t Print::write(const uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) write(bytes[i]);
  return size;
}

size_t Print::printf(const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return write(reinterpret_cast<const uint8_t *>(text), length < static_cast<int>(sizeof text) ? length : sizeof text - 1);
}

size_t Stream::readBytes(char *buffer, size_t length) {
  size_t count = 0;
  for (int c; count < length && (c = read()) >= 0; count++) buffer[count] = static_cast<char>(c);
  return count;
}

size_t HostSerial::write(uint8_t byte) {
  fputc(byte, stdout);
  if (byte == '\n') fflush(stdout);
  return 1;
}

void setup();
void loop();

int main() {
  signal(SIGPIPE, SIG_IGN);  // lwIP has no signals: a write to a dead socket just fails
  const char *limit = getenv("HOST_RUN_MS");
  unsigned long end = limit ? strtoul(limit, nullptr, 10) : 10000;
  std::srand(getpid());
  setup();
  while (millis() < end) loop();
  return 0;
}
TwoWire Wire;
