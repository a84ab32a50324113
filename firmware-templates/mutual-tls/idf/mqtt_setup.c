#include "mqtt_setup.h"
#include "config.h"

// Embedded by CMakeLists.txt. They live as long as the program: the client keeps the pointers, it does not copy.
extern const char ca_pem[] asm("_binary_ca_pem_start");
extern const char device_pem[] asm("_binary_device_pem_start");
extern const char device_key[] asm("_binary_device_key_start");

bool mqtt_setup(esp_mqtt_client_config_t *config)
{
    *config = (esp_mqtt_client_config_t){
        .broker.address = {.hostname = MQTT_HOST, .port = MQTT_PORT, .transport = MQTT_TRANSPORT_OVER_SSL},
        .broker.verification.certificate = ca_pem,
        .credentials.client_id = DEVICE_ID,
        .credentials.authentication.certificate = device_pem,
        .credentials.authentication.key = device_key,
        .session.keepalive = MQTT_KEEP_ALIVE_S,
        .session.last_will = {.topic = TOPIC_STATUS, .msg = "offline", .qos = 1, .retain = 1},
        .network.disable_auto_reconnect = true,  // its pause is always the same; main.c waits longer each time
        .buffer.size = MQTT_BUFFER_BYTES,
    };
    return true;
}
