// Older ESP-IDFs declare the random generator here, newer ones in a header of its own.
#pragma once
#if HOST_CORE_MAJOR == 2
#include "esp_random.h"
#endif
