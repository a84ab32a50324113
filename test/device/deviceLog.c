#include "deviceLog.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

unsigned long device_millis(void) {
  static struct timespec start;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (start.tv_sec == 0) start = now;
  return (unsigned long)((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
}

static void finish(const char *format, va_list arguments) {
  vprintf(format, arguments);
  fputs("\r\n", stdout);
  fflush(stdout);
}

void idf_log(char level, const char *tag, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("%c (%lu) %s: ", level, device_millis(), tag);
  finish(format, arguments);
  va_end(arguments);
}

void arduino_log(char level, const char *file, int line, const char *function, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("[%6lu][%c][%s:%d] %s(): ", device_millis(), level, file, line, function);
  finish(format, arguments);
  va_end(arguments);
}

void plain_log(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  finish(format, arguments);
  va_end(arguments);
}
