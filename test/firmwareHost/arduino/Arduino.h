// The parts of the Arduino core that the templates use, for Linux. Thin: only what lets the sketch itself run.
#pragma once
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <time.h>

using std::isnan;

#define PROGMEM
#define F(text) text
#ifndef ESP8266
#define ESP_ARDUINO_VERSION_MAJOR HOST_CORE_MAJOR
#endif

typedef bool boolean;
typedef uint8_t byte;

#define LOW 0
#define HIGH 1
#define INPUT_PULLUP 2
typedef const char *PGM_P;
inline void pinMode(uint8_t, uint8_t) {}
inline int digitalRead(uint8_t) { return getenv("HOST_BUTTON") ? LOW : HIGH; }
size_t strlcpy(char *to, const char *from, size_t size);

// The host's clock is set already; the time zone is real.
#ifdef ESP8266
inline void configTime(int, int, const char *, const char * = nullptr, const char * = nullptr) {}
void configTime(const char *zone, const char *server1, const char *server2 = nullptr, const char *server3 = nullptr);
#else
void configTzTime(const char *zone, const char *server1, const char *server2 = nullptr, const char *server3 = nullptr);
#endif

unsigned long millis();
void delay(unsigned long ms);
long random(long upTo);  // [0, upTo)

class String : public std::string {
public:
  using std::string::string;
  String(const std::string &other) : std::string(other) {}
  String() = default;
};

class IPAddress {
public:
  IPAddress() = default;
  explicit IPAddress(uint32_t address) : address_(address) {}
  uint32_t address() const { return address_; }  // network byte order
  String toString() const;

private:
  uint32_t address_ = 0;
};

class Print {
public:
  virtual ~Print() = default;
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t *bytes, size_t size);
  size_t print(const char *text) { return write(reinterpret_cast<const uint8_t *>(text), strlen(text)); }
  size_t println(const char *text = "") { return print(text) + print("\n"); }
  size_t printf(const char *format, ...) __attribute__((format(printf, 2, 3)));
};

class Stream : public Print {
public:
  virtual int available() = 0;
  virtual int read() = 0;
  size_t readBytes(char *buffer, size_t length);
};

class HostSerial : public Stream {
public:
  void begin(unsigned long) {}
  int available() override { return 0; }
  int read() override { return -1; }
  size_t write(uint8_t byte) override;
  using Print::write;
};
extern HostSerial Serial;

class EspClass {
public:
  uint32_t getFreeHeap() { return 201532; }
  uint32_t getMaxAllocHeap() { return 110580; }       // ESP32
  uint32_t getMaxFreeBlockSize() { return 30112; }    // ESP8266
  uint32_t getChipId() { return 0x1a2b3c; }          // ESP8266
  uint32_t random();                                // ESP8266
  void restart() { exit(3); }
};
extern EspClass ESP;
