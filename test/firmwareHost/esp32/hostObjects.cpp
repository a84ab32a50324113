#include "LittleFS.h"
#include "WiFi.h"

WiFiClass WiFi;
LittleFSFS LittleFS;
