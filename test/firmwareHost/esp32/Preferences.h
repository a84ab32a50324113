// arduino-esp32's Preferences over a folder, HOST_NVS: a value is the file NAMESPACE.KEY; a string of the namespace "tls"
// may also be KEY.pem, as the tests provision it. Names longer than NVS takes end the program.
#pragma once
#include "Arduino.h"

class Preferences {
public:
  bool begin(const char *name, bool readOnly = false, const char *partition = nullptr);
  void end() {}
  bool isKey(const char *key);
  bool remove(const char *key);
  bool clear();
  uint32_t getUInt(const char *key, uint32_t otherwise = 0);
  size_t putUInt(const char *key, uint32_t value);
  uint64_t getULong64(const char *key, uint64_t otherwise = 0);
  size_t putULong64(const char *key, uint64_t value);
  size_t getString(const char *key, char *value, size_t maxLength);
  size_t putString(const char *key, const char *value);

private:
  std::string path(const char *key) const;
  bool readWhole(const char *key, std::string &bytes);
  size_t writeWhole(const char *key, const void *bytes, size_t size);
  std::string name_;
  bool readOnly_ = false;
};
