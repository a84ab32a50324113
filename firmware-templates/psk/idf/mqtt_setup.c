#include "mqtt_setup.h"
#include "config.h"
#include "esp_tls.h"
#include "secrets.h"

static const uint8_t key[] = PSK_BYTES;
// The identity is the device's name; the broker takes it as user name. No certificates, and no names to compare.
static const psk_hint_key_t pre_shared = {.key = key, .key_size = sizeof key, .hint = DEVICE_ID};

bool mqtt_setup(esp_mqtt_client_config_t *config)
{
    *config = (esp_mqtt_client_config_t){
        .broker.address = {.hostname = MQTT_HOST, .port = MQTT_PORT, .transport = MQTT_TRANSPORT_OVER_SSL},
        .broker.verification.psk_hint_key = &pre_shared,
        .credentials.client_id = DEVICE_ID,
        .session.keepalive = MQTT_KEEP_ALIVE_S,
        .session.last_will = {.topic = TOPIC_STATUS, .msg = "offline", .qos = 1, .retain = 1},
        .network.disable_auto_reconnect = true,  // its pause is always the same; main.c waits longer each time
        .buffer.size = MQTT_BUFFER_BYTES,
    };
    return true;
}
