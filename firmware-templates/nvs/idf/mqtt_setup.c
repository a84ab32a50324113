#include "mqtt_setup.h"
#include <stdio.h>
#include <stdlib.h>
#include "config.h"
#include "nvs.h"

// A string of the namespace "tls" that lives as long as the program: the client keeps the pointers, it does not copy.
static char *load_pem(nvs_handle_t store, const char *name)
{
    size_t size = 0;
    char *text = NULL;
    if (nvs_get_str(store, name, NULL, &size) == ESP_OK && (text = malloc(size)) != NULL &&
        nvs_get_str(store, name, text, &size) == ESP_OK) {
        return text;
    }
    free(text);
    printf("[secure-iot] NVS has no \"%s\" in \"tls\": write nvs.bin to the nvs partition (README.md)\n", name);
    return NULL;
}

bool mqtt_setup(esp_mqtt_client_config_t *config)
{
    nvs_handle_t store;
    if (nvs_open("tls", NVS_READONLY, &store) != ESP_OK) {
        printf("[secure-iot] NVS has no namespace \"tls\": write nvs.bin to the nvs partition (README.md)\n");
        return false;
    }
    const char *ca = load_pem(store, "root_ca");
    const char *certificate = load_pem(store, "device_cert");
    const char *key = load_pem(store, "device_key");
    nvs_close(store);
    if (!ca || !certificate || !key) return false;
    *config = (esp_mqtt_client_config_t){
        .broker.address = {.hostname = MQTT_HOST, .port = MQTT_PORT, .transport = MQTT_TRANSPORT_OVER_SSL},
        .broker.verification.certificate = ca,
        .credentials.client_id = DEVICE_ID,
        .credentials.authentication.certificate = certificate,
        .credentials.authentication.key = key,
        .session.keepalive = MQTT_KEEP_ALIVE_S,
        .session.last_will = {.topic = TOPIC_STATUS, .msg = "offline", .qos = 1, .retain = 1},
        .network.disable_auto_reconnect = true,  // its pause is always the same; main.c waits longer each time
        .buffer.size = MQTT_BUFFER_BYTES,
    };
    return true;
}
