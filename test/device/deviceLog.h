/* Log lines as the two frameworks print them, one write and flush a line. */
#ifndef DEVICE_LOG_H
#define DEVICE_LOG_H

typedef enum { PLATFORM_ESP_IDF, PLATFORM_ARDUINO } device_platform;

/* Milliseconds since the program started. */
unsigned long device_millis(void);

/* ESP-IDF: `E (1234) tag: text`. */
void idf_log(char level, const char *tag, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* arduino-esp32: `[  1234][E][file.cpp:12] function(): text`. */
void arduino_log(char level, const char *file, int line, const char *function, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* What a sketch prints itself, without a prefix. */
void plain_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
