#include "LittleFS.h"
#include <unistd.h>

size_t File::size() const {
  long at = ftell(file_);
  fseek(file_, 0, SEEK_END);
  long end = ftell(file_);
  fseek(file_, at, SEEK_SET);
  return static_cast<size_t>(end);
}

int File::available() { return static_cast<int>(size()) - static_cast<int>(ftell(file_)); }

bool FS::exists(const char *path) { return access(where(path).c_str(), F_OK) == 0; }
