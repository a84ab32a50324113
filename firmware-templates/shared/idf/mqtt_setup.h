// Whom this device trusts, and how it proves who it is.
#pragma once
#include <stdbool.h>
#include "mqtt_client.h"

// Fills in everything; false where something is missing, which it has printed then.
bool mqtt_setup(esp_mqtt_client_config_t *config);
