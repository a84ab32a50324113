// Counters that outlive a restart, in NVS: written as a whole or not at all, and spread over the flash.
#pragma once
#include <Preferences.h>

class CounterStore {
public:
  bool begin() { return open_ || (open_ = store_.begin("sealed", false)); }

  // False where there is no such counter yet.
  bool load(const char *name, uint64_t &value) {
    if (!store_.isKey(name)) return false;
    value = store_.getULong64(name, 0);
    return true;
  }

  bool save(const char *name, uint64_t value) {
    return store_.putULong64(name, value) == sizeof value && store_.getULong64(name, 0) == value;
  }

private:
  Preferences store_;
  bool open_ = false;
};
