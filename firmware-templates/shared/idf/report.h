// One line that says why a connection failed. Secure IoT's serial monitor explains the codes in it.
#pragma once
#include "mqtt_client.h"

void report_connect_failure(const esp_mqtt_error_codes_t *error);
