// The parts of ESP-IDF that the templates use, for Linux. The other headers of this folder only include this one.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_FAIL -1
#define ESP_ERR_NVS_NO_FREE_PAGES 0x110d
#define ESP_ERR_NVS_NEW_VERSION_FOUND 0x1110
#define ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED 0x801A
#define ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST 0x8004
#define ESP_ERROR_CHECK(call) \
    do { \
        if ((call) != ESP_OK) abort(); \
    } while (0)
const char *esp_err_to_name(esp_err_t code);

uint32_t esp_random(void);

#define ESP_IDF_VERSION HOST_IDF_VERSION
#define ESP_IDF_VERSION_VAL(major, minor, patch) ((major) * 100 + (minor))
// esp_sntp.h; 5.0 has lwIP's own names. The host's clock is set already.
#if HOST_IDF_VERSION >= 501
typedef enum { ESP_SNTP_OPMODE_POLL } esp_sntp_operatingmode_t;
void esp_sntp_setoperatingmode(esp_sntp_operatingmode_t mode);
void esp_sntp_setservername(uint8_t index, const char *server);
void esp_sntp_init(void);
#else
#define SNTP_OPMODE_POLL 0
void sntp_setoperatingmode(uint8_t mode);
void sntp_setservername(uint8_t index, const char *server);
void sntp_init(void);
#endif
uint32_t esp_get_free_heap_size(void);
#define MALLOC_CAP_8BIT 4
size_t heap_caps_get_largest_free_block(uint32_t caps);
esp_err_t nvs_flash_init(void);
esp_err_t nvs_flash_erase(void);

typedef uint32_t nvs_handle_t;
typedef enum { NVS_READONLY } nvs_open_mode_t;
esp_err_t nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle);
esp_err_t nvs_get_str(nvs_handle_t handle, const char *key, char *value, size_t *length);
void nvs_close(nvs_handle_t handle);

typedef struct psk_key_hint {
    const uint8_t *key;
    const size_t key_size;
    const char *hint;
} psk_hint_key_t;

#define pdMS_TO_TICKS(ms) (ms)
void vTaskDelay(uint32_t ticks);

typedef struct timer *esp_timer_handle_t;
typedef struct {
    void (*callback)(void *);
    void *arg;
    const char *name;
} esp_timer_create_args_t;
int64_t esp_timer_get_time(void);
esp_err_t esp_timer_create(const esp_timer_create_args_t *args, esp_timer_handle_t *handle);
esp_err_t esp_timer_start_once(esp_timer_handle_t handle, uint64_t microseconds);

typedef const char *esp_event_base_t;
typedef void (*esp_event_handler_t)(void *, esp_event_base_t, int32_t, void *);
extern esp_event_base_t WIFI_EVENT, IP_EVENT;
#define ESP_EVENT_ANY_ID -1
esp_err_t esp_event_loop_create_default(void);
esp_err_t esp_event_handler_register(esp_event_base_t base, int32_t id, esp_event_handler_t handler, void *arg);
esp_err_t esp_netif_init(void);
void *esp_netif_create_default_wifi_sta(void);

enum { WIFI_EVENT_STA_START = 2, WIFI_EVENT_STA_DISCONNECTED = 5, IP_EVENT_STA_GOT_IP = 0 };
enum { WIFI_MODE_STA = 1, WIFI_IF_STA = 0, WIFI_STORAGE_RAM = 1 };
typedef struct {
    uint8_t reason;
} wifi_event_sta_disconnected_t;
typedef struct {
    int unused;
} wifi_init_config_t;
#define WIFI_INIT_CONFIG_DEFAULT() {0}
typedef union {
    struct {
        uint8_t ssid[32];
        uint8_t password[64];
    } sta;
} wifi_config_t;
typedef struct {
    int8_t rssi;
} wifi_ap_record_t;
esp_err_t esp_wifi_init(const wifi_init_config_t *config);
esp_err_t esp_wifi_set_storage(int storage);
esp_err_t esp_wifi_set_mode(int mode);
esp_err_t esp_wifi_set_config(int interface, wifi_config_t *config);
esp_err_t esp_wifi_start(void);
esp_err_t esp_wifi_connect(void);
esp_err_t esp_wifi_sta_get_ap_info(wifi_ap_record_t *record);

#ifdef __cplusplus
}
#endif
