#include "Preferences.h"
#include <dirent.h>
#include <random>
#include "esp_random.h"

uint32_t esp_random() { return std::random_device{}(); }

void esp_fill_random(void *buffer, size_t size) {
  std::random_device device;
  for (size_t i = 0; i < size; i++) static_cast<uint8_t *>(buffer)[i] = device();
}

static void checkName(const char *name) {
  if (strlen(name) > 15) {
    fprintf(stderr, "NVS takes 15 characters: %s\n", name);
    abort();
  }
}

static const char *folder() { return getenv("HOST_NVS"); }

bool Preferences::begin(const char *name, bool readOnly, const char *) {
  checkName(name);
  name_ = name;
  readOnly_ = readOnly;
  return folder() != nullptr;
}

std::string Preferences::path(const char *key) const {
  checkName(key);
  return std::string(folder() ? folder() : "/nowhere") + "/" + name_ + "." + key;
}

bool Preferences::readWhole(const char *key, std::string &bytes) {
  FILE *file = fopen(path(key).c_str(), "r");
  if (!file && name_ == "tls" && folder()) file = fopen((std::string(folder()) + "/" + key + ".pem").c_str(), "r");
  if (!file) return false;
  char part[512];
  for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;) bytes.append(part, n);
  fclose(file);
  return true;
}

size_t Preferences::writeWhole(const char *key, const void *bytes, size_t size) {
  if (readOnly_ || getenv("HOST_NVS_FULL")) return 0;
  std::string fresh = path(key) + "~";
  FILE *file = fopen(fresh.c_str(), "w");
  if (!file) return 0;
  size_t written = fwrite(bytes, 1, size, file);
  fclose(file);
  return rename(fresh.c_str(), path(key).c_str()) == 0 ? written : 0;
}

bool Preferences::isKey(const char *key) {
  std::string bytes;
  return readWhole(key, bytes);
}

bool Preferences::remove(const char *key) { return !readOnly_ && ::remove(path(key).c_str()) == 0; }

bool Preferences::clear() {
  DIR *dir = readOnly_ || !folder() ? nullptr : opendir(folder());
  if (!dir) return false;
  while (dirent *entry = readdir(dir)) {
    std::string name = entry->d_name;
    if (name.compare(0, name_.size() + 1, name_ + ".") == 0) ::remove((std::string(folder()) + "/" + name).c_str());
  }
  closedir(dir);
  return true;
}

template <typename T> static T valueOf(const std::string &bytes, T otherwise) {
  if (bytes.size() != sizeof(T)) return otherwise;
  T value;
  memcpy(&value, bytes.data(), sizeof value);
  return value;
}

uint32_t Preferences::getUInt(const char *key, uint32_t otherwise) {
  std::string bytes;
  return readWhole(key, bytes) ? valueOf(bytes, otherwise) : otherwise;
}

uint64_t Preferences::getULong64(const char *key, uint64_t otherwise) {
  std::string bytes;
  return readWhole(key, bytes) ? valueOf(bytes, otherwise) : otherwise;
}

size_t Preferences::putUInt(const char *key, uint32_t value) { return writeWhole(key, &value, sizeof value); }
size_t Preferences::putULong64(const char *key, uint64_t value) { return writeWhole(key, &value, sizeof value); }

size_t Preferences::getString(const char *key, char *value, size_t maxLength) {
  std::string text;
  if (!readWhole(key, text) || text.size() + 1 > maxLength) return 0;  // nvs_get_str says so too
  memcpy(value, text.c_str(), text.size() + 1);
  return text.size() + 1;  // with the NUL, as nvs_get_str counts
}

size_t Preferences::putString(const char *key, const char *value) {
  return strlen(value) < 4000 ? writeWhole(key, value, strlen(value)) : 0;
}
