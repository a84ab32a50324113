// Keeps the board on the Wi-Fi and says with a reason number when it falls off.
#pragma once
#include <stdbool.h>

void wifi_link_start(const char *ssid, const char *password);
bool wifi_link_up(void);
int wifi_link_rssi(void);
