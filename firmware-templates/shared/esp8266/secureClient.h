// The TLS client of the ESP8266: BearSSL.
#pragma once
#include <Arduino.h>
#include <ESP8266WiFi.h>
#include <WiFiClientSecure.h>
using SecureClient = BearSSL::WiFiClientSecure;
