#include "ESP8266WiFi.h"
#include "LittleFS.h"

ESP8266WiFiClass WiFi;
FS LittleFS;
