// The 2.x name of the same class.
#pragma once
#include "NetworkClientSecure.h"
typedef NetworkClientSecure WiFiClientSecure;
