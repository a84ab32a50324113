// arduino-esp32's LittleFS over a folder: HOST_LITTLEFS.
#pragma once
#include "Arduino.h"

class File : public Stream {
public:
  explicit File(FILE *file) : file_(file) {}
  explicit operator bool() const { return file_ != nullptr; }
  size_t size() {
    fseek(file_, 0, SEEK_END);
    size_t length = ftell(file_);
    rewind(file_);
    return length;
  }
  int available() override { return 1; }
  int read() override { return fgetc(file_); }
  size_t write(uint8_t) override { return 0; }

private:
  FILE *file_;
};

class LittleFSFS {
public:
  bool begin(bool) { return getenv("HOST_LITTLEFS") != nullptr; }
  File open(const char *path, const char *) {
    return File(fopen((std::string(getenv("HOST_LITTLEFS")) + path).c_str(), "r"));
  }
};
extern LittleFSFS LittleFS;
