// {{title|comment}}: {{device|comment}} reports to {{host|comment}} over MQTT.
// Made by Secure IoT (template {{template|comment}}). config.h has the settings, secrets.h what must not be shared.
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include "backoff.h"
#include "config.h"
#include "esp_err.h"
#include "esp_event.h"
#include "esp_heap_caps.h"
#include "esp_netif.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "mqtt_client.h"
#include "mqtt_setup.h"
#include "nvs_flash.h"
#include "report.h"
#include "secrets.h"
#include "wifi_link.h"

// Set by the MQTT task, acted on by app_main.
static atomic_bool connected, lost;

static void on_mqtt(void *unused, esp_event_base_t base, int32_t id, void *data)
{
    (void)unused;
    (void)base;
    esp_mqtt_event_handle_t event = data;
    switch ((esp_mqtt_event_id_t)id) {
    case MQTT_EVENT_CONNECTED:
        atomic_store(&connected, true);
        printf("[secure-iot] connected to %s:%u as %s heap=%u largest=%u\n", MQTT_HOST, (unsigned)MQTT_PORT, DEVICE_ID,
               (unsigned)esp_get_free_heap_size(), (unsigned)heap_caps_get_largest_free_block(MALLOC_CAP_8BIT));
        esp_mqtt_client_publish(event->client, TOPIC_STATUS, "online", 0, 1, 1);
        esp_mqtt_client_subscribe(event->client, TOPIC_COMMAND, 1);
        break;
    case MQTT_EVENT_DATA:  // in pieces where it is longer than the buffer; only the first has the topic
        if (event->current_data_offset == 0) {
            printf("[secure-iot] %.*s: %d bytes\n", event->topic_len, event->topic, event->total_data_len);
        }
        fwrite(event->data, 1, event->data_len, stdout);
        if (event->current_data_offset + event->data_len >= event->total_data_len) printf("\n");
        break;
    case MQTT_EVENT_ERROR:
        report_connect_failure(event->error_handle);
        break;
    case MQTT_EVENT_DISCONNECTED:  // follows each failure too
        atomic_store(&connected, false);
        atomic_store(&lost, true);
        break;
    default:
        break;
    }
}

static void send_telemetry(esp_mqtt_client_handle_t client)
{
    char payload[160];
    snprintf(payload, sizeof payload, "{\"uptime\":%lld,\"heap\":%u,\"rssi\":%d}",
             (long long)(esp_timer_get_time() / 1000000), (unsigned)esp_get_free_heap_size(), wifi_link_rssi());
    if (esp_mqtt_client_publish(client, TOPIC_TELEMETRY, payload, 0, 0, 0) < 0 && atomic_load(&connected)) {
        printf("[secure-iot] publish failed\n");
    }
}

// Wi-Fi keeps its calibration in NVS. Examples erase an NVS that they cannot read; there may be an identity in it, so here
// a person decides.
static bool start_storage(void)
{
    esp_err_t error = nvs_flash_init();
    if (error == ESP_OK) return true;
    printf("[secure-iot] NVS cannot be read (%s): erase its partition with \"idf.py erase-flash\", flash again\n",
           esp_err_to_name(error));
    return false;
}

void app_main(void)
{
    printf("\n[secure-iot] %s starts, broker %s:%u\n", DEVICE_ID, MQTT_HOST, (unsigned)MQTT_PORT);
    if (!start_storage()) return;
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    wifi_link_start(WIFI_SSID, WIFI_PASSWORD);
    while (!wifi_link_up()) vTaskDelay(pdMS_TO_TICKS(100));

    esp_mqtt_client_config_t config;
    if (!mqtt_setup(&config)) return;
    esp_mqtt_client_handle_t client = esp_mqtt_client_init(&config);
    if (client == NULL) {
        printf("[secure-iot] no MQTT client: the configuration was refused, or memory is short\n");
        return;
    }
    ESP_ERROR_CHECK(esp_mqtt_client_register_event(client, ESP_EVENT_ANY_ID, on_mqtt, NULL));
    ESP_ERROR_CHECK(esp_mqtt_client_start(client));

    backoff_t backoff = {1000, 60000, 1000};
    int64_t now_ms, connected_ms = 0, telemetry_ms = 0;  // since the start; 32 bits would be full after 24 days
    for (;;) {
        if (atomic_exchange(&lost, false)) {
            uint32_t pause = backoff_next_ms(&backoff);
            printf("[secure-iot] not connected, retry=%ums\n", (unsigned)pause);
            vTaskDelay(pdMS_TO_TICKS(pause));
            while (!wifi_link_up()) vTaskDelay(pdMS_TO_TICKS(100));
            if (esp_mqtt_client_reconnect(client) != ESP_OK) atomic_store(&lost, true);
        }
        vTaskDelay(pdMS_TO_TICKS(100));
        now_ms = esp_timer_get_time() / 1000;
        if (!atomic_load(&connected)) {
            connected_ms = telemetry_ms = now_ms;
            continue;
        }
        if (now_ms - connected_ms > 60000) backoff_reset(&backoff);
        if (now_ms - telemetry_ms >= TELEMETRY_INTERVAL_MS) {
            telemetry_ms = now_ms;
            send_telemetry(client);
        }
    }
}
