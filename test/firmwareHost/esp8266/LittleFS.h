// The ESP8266 core's LittleFS over a folder: HOST_LITTLEFS. The signatures are those of its FS.h.
#pragma once
#include "Arduino.h"

class File : public Stream {
public:
  explicit File(FILE *file = nullptr) : file_(file) {}
  operator bool() const { return file_ != nullptr; }
  size_t size() const;
  int available() override;
  int read() override { return fgetc(file_); }
  int read(uint8_t *buffer, size_t size) { return static_cast<int>(fread(buffer, 1, size, file_)); }
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t size) override { return fwrite(bytes, 1, size, file_); }
  using Print::write;
  void close() {
    if (file_) fclose(file_);
    file_ = nullptr;
  }

private:
  FILE *file_;
};

// begin() formats what is no LittleFS unless it was told not to.
struct LittleFSConfig {
  explicit LittleFSConfig(bool autoFormat = true) : autoFormat(autoFormat) {}
  bool autoFormat;
};

class FS {
public:
  bool setConfig(const LittleFSConfig &) { return true; }
  bool begin() { return getenv("HOST_LITTLEFS") != nullptr; }
  File open(const char *path, const char *mode) { return File(fopen(where(path).c_str(), mode)); }
  bool exists(const char *path);
  bool remove(const char *path) { return ::remove(where(path).c_str()) == 0; }
  bool rename(const char *from, const char *to) { return ::rename(where(from).c_str(), where(to).c_str()) == 0; }

private:
  static std::string where(const char *path) {
    const char *folder = getenv("HOST_LITTLEFS");
    return std::string(folder ? folder : "/nowhere") + path;
  }
};
extern FS LittleFS;
