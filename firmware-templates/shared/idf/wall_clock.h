// The time of day, from the network (NTP), as this device's time zone has it.
#pragma once
#include <stddef.h>

// Asks for the time, now and each hour. Returns at once, and nothing waits: only reports use it. Call it with a network.
void wall_clock_start(void);

// Local time with its distance from UTC, or "unset".
void wall_clock_print(char *out, size_t size);
