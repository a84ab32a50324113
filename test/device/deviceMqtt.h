/* As much of MQTT 3.1.1 as a sensor needs: CONNECT with a Last Will, PUBLISH QoS 0, PINGREQ, DISCONNECT. */
#ifndef DEVICE_MQTT_H
#define DEVICE_MQTT_H

#include <stdbool.h>

#include "deviceTls.h"

#define MQTT_KEEP_ALIVE_SECONDS 60

/* CONNACK's return code (0: accepted), or -1 when the connection broke. */
int mqtt_connect(tls_connection *tls, const char *client_id, const char *will_topic, const char *will_payload);
/* 0, or the negative code of mbedtls_ssl_write. */
int mqtt_publish(tls_connection *tls, const char *topic, const char *payload, bool retain);
int mqtt_ping(tls_connection *tls);
void mqtt_disconnect(tls_connection *tls);

#endif
