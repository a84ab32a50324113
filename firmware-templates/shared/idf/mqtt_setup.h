// Whom this device trusts, and how it proves who it is.
#pragma once
#include "mqtt_client.h"

esp_mqtt_client_config_t mqtt_setup(void);
