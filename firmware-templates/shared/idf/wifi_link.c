#include "wifi_link.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include "backoff.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_timer.h"
#include "esp_wifi.h"
#include "wall_clock.h"

static atomic_bool up;
static esp_timer_handle_t retry;
static backoff_t backoff = {1000, 60000, 1000};

static void join(void *unused)
{
    (void)unused;
    esp_wifi_connect();
}

static void on_event(void *unused, esp_event_base_t base, int32_t id, void *data)
{
    (void)unused;
    if (base == IP_EVENT && id == IP_EVENT_STA_GOT_IP) {
        atomic_store(&up, true);
        backoff_reset(&backoff);
        wall_clock_start();
    } else if (base == WIFI_EVENT && id == WIFI_EVENT_STA_START) {
        join(NULL);
    } else if (base == WIFI_EVENT && id == WIFI_EVENT_STA_DISCONNECTED) {
        const wifi_event_sta_disconnected_t *event = data;
        uint32_t pause = backoff_next_ms(&backoff);
        atomic_store(&up, false);
        printf("[secure-iot] wifi disconnected, reason: %u, retry=%ums\n", (unsigned)event->reason, (unsigned)pause);
        esp_timer_start_once(retry, (uint64_t)pause * 1000);
    }
}

void wifi_link_start(const char *ssid, const char *password)
{
    if (ssid[0] == '\0') {
        printf("[secure-iot] no Wi-Fi name: fill in WIFI_SSID and WIFI_PASSWORD in main/secrets.h and flash again\n");
        return;
    }
    const esp_timer_create_args_t timer = {.callback = join, .name = "wifi retry"};
    ESP_ERROR_CHECK(esp_timer_create(&timer, &retry));
    esp_netif_create_default_wifi_sta();
    wifi_init_config_t init = WIFI_INIT_CONFIG_DEFAULT();
    ESP_ERROR_CHECK(esp_wifi_init(&init));
    ESP_ERROR_CHECK(esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, on_event, NULL));
    ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, on_event, NULL));
    wifi_config_t config = {0};
    // These fields are full at 32 and 64 bytes without a NUL, so no strlcpy here.
    memcpy(config.sta.ssid, ssid, strnlen(ssid, sizeof config.sta.ssid));
    memcpy(config.sta.password, password, strnlen(password, sizeof config.sta.password));
    ESP_ERROR_CHECK(esp_wifi_set_storage(WIFI_STORAGE_RAM));  // the password is in the firmware already
    ESP_ERROR_CHECK(esp_wifi_set_mode(WIFI_MODE_STA));
    ESP_ERROR_CHECK(esp_wifi_set_config(WIFI_IF_STA, &config));
    ESP_ERROR_CHECK(esp_wifi_start());
}

bool wifi_link_up(void)
{
    return atomic_load(&up);
}

int wifi_link_rssi(void)
{
    wifi_ap_record_t access_point;
    return esp_wifi_sta_get_ap_info(&access_point) == ESP_OK ? access_point.rssi : 0;
}
