#include "Update.h"

static const size_t PARTITION_BYTES = 0x140000;  // app0 and app1 of arduino-esp32's default partition scheme

static std::string place(const char *name) {
  const char *folder = getenv("HOST_FLASH");
  return std::string(folder ? folder : "/nowhere") + "/" + name;
}

bool UpdateClass::begin(size_t size, int command, int, uint8_t, const char *) {
  if (isRunning() || size == 0 || size > PARTITION_BYTES || command != U_FLASH) return false;
  FILE *file = fopen(place("next.bin").c_str(), "w");
  if (!file) return false;
  fclose(file);
  size_ = size;
  written_ = 0;
  return true;
}

size_t UpdateClass::write(uint8_t *data, size_t length) {
  if (!isRunning() || length > size_ - written_) return 0;
  if (written_ == 0 && (length == 0 || data[0] != 0xE9)) {
    abort();
    return 0;
  }
  FILE *file = fopen(place("next.bin").c_str(), "a");
  if (!file) return 0;
  size_t stored = fwrite(data, 1, length, file);
  fclose(file);
  written_ += stored;
  return stored;
}

bool UpdateClass::end(bool evenIfRemaining) {
  if (!isRunning() || (!isFinished() && !evenIfRemaining)) {
    abort();
    return false;
  }
  size_ = 0;
  return rename(place("next.bin").c_str(), place("app.bin").c_str()) == 0;
}

void UpdateClass::abort() {
  size_ = 0;
  remove(place("next.bin").c_str());
}

UpdateClass Update;
