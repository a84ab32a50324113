// Counters that outlive a restart, as files of LittleFS: the new file is written beside the old one and then takes its
// place in one step, so that a power cut leaves the one or the other.
#pragma once
#include <LittleFS.h>

class CounterStore {
public:
  bool begin() { return open_ || (open_ = LittleFS.begin()); }  // formats a flash that was never used

  // False where there is no such counter yet.
  bool load(const char *name, uint64_t &value) {
    char path[32];
    snprintf(path, sizeof path, "/%s", name);
    File file = LittleFS.open(path, "r");
    bool loaded = file && file.read(reinterpret_cast<uint8_t *>(&value), sizeof value) == static_cast<int>(sizeof value);
    if (file) file.close();
    return loaded;
  }

  bool save(const char *name, uint64_t value) {
    char path[32], fresh[32];
    snprintf(path, sizeof path, "/%s", name);
    snprintf(fresh, sizeof fresh, "/%s.new", name);
    File file = LittleFS.open(fresh, "w");
    if (!file) return false;
    bool written = file.write(reinterpret_cast<const uint8_t *>(&value), sizeof value) == sizeof value;
    file.close();
    uint64_t stored = 0;
    return written && LittleFS.rename(fresh, path) && load(name, stored) && stored == value;
  }

private:
  bool open_ = false;
};
