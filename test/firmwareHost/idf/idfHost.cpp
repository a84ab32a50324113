// ESP-IDF's functions on Linux, its MQTT client on top of the Arduino shims' TLS and MQTT, and main() around app_main().
#include <algorithm>
#include <mutex>
#include <thread>
#include "NetworkClientSecure.h"
#include "PubSubClient.h"
#include "Preferences.h"
#include "mqtt_client.h"

extern "C" {
void app_main(void);
esp_event_base_t WIFI_EVENT = "WIFI_EVENT", IP_EVENT = "IP_EVENT";
}

static esp_event_handler_t wifiHandler;

const char *esp_err_to_name(esp_err_t code) {
  if (code == ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED) return "ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED";
  return code == ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST ? "ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST" : "ESP_OK";
}
void esp_sntp_setoperatingmode(esp_sntp_operatingmode_t) {}
void esp_sntp_setservername(uint8_t, const char *) {}
void esp_sntp_init() {}
uint32_t esp_get_free_heap_size() { return 201532; }
size_t heap_caps_get_largest_free_block(uint32_t) { return 110580; }
esp_err_t nvs_flash_init() { return ESP_OK; }
esp_err_t nvs_flash_erase() { return ESP_OK; }
esp_err_t nvs_open(const char *, nvs_open_mode_t, nvs_handle_t *) { return getenv("HOST_NVS") ? ESP_OK : ESP_FAIL; }
esp_err_t nvs_get_str(nvs_handle_t, const char *key, char *value, size_t *length) {
  static char text[4000];
  Preferences store;
  store.begin("tls", true);
  size_t found = store.getString(key, text, sizeof text);
  if (found == 0 || (value && *length < found)) return ESP_FAIL;
  if (value) memcpy(value, text, found);
  *length = found;
  return ESP_OK;
}
void nvs_close(nvs_handle_t) {}
void vTaskDelay(uint32_t ticks) {
  fflush(stdout);
  delay(ticks);
}
int64_t esp_timer_get_time() { return static_cast<int64_t>(millis()) * 1000; }
esp_err_t esp_timer_create(const esp_timer_create_args_t *, esp_timer_handle_t *) { return ESP_OK; }
esp_err_t esp_timer_start_once(esp_timer_handle_t, uint64_t) { return ESP_OK; }
esp_err_t esp_event_loop_create_default() { return ESP_OK; }
esp_err_t esp_event_handler_register(esp_event_base_t, int32_t, esp_event_handler_t handler, void *) {
  wifiHandler = handler;
  return ESP_OK;
}
esp_err_t esp_netif_init() { return ESP_OK; }
void *esp_netif_create_default_wifi_sta() { return nullptr; }
esp_err_t esp_wifi_init(const wifi_init_config_t *) { return ESP_OK; }
esp_err_t esp_wifi_set_storage(int) { return ESP_OK; }
esp_err_t esp_wifi_set_mode(int) { return ESP_OK; }
esp_err_t esp_wifi_set_config(int, wifi_config_t *) { return ESP_OK; }
esp_err_t esp_wifi_start() {
  wifiHandler(nullptr, WIFI_EVENT, WIFI_EVENT_STA_START, nullptr);
  return ESP_OK;
}
esp_err_t esp_wifi_connect() {
  wifiHandler(nullptr, IP_EVENT, IP_EVENT_STA_GOT_IP, nullptr);
  return ESP_OK;
}
esp_err_t esp_wifi_sta_get_ap_info(wifi_ap_record_t *record) {
  record->rssi = -58;
  return ESP_OK;
}

struct esp_mqtt_client {
  esp_mqtt_client_config_t config;
  NetworkClientSecure tls;
  PubSubClient mqtt{tls};
  esp_event_handler_t handler = nullptr;
  void *argument = nullptr;
  std::recursive_mutex lock;
  bool wanted = false, connected = false;

  void tell(esp_mqtt_event_id_t id, esp_mqtt_event_t event = {}) {
    event.event_id = id;
    event.client = this;
    handler(argument, "MQTT_EVENTS", id, &event);
  }

  void connect() {
    const auto &c = config;
    bool done = mqtt.connect(c.credentials.client_id, c.credentials.username, c.credentials.authentication.password,
                             c.session.last_will.topic, c.session.last_will.qos, c.session.last_will.retain,
                             c.session.last_will.msg, true);
    if (done) {
      connected = true;
      return tell(MQTT_EVENT_CONNECTED);
    }
    char text[100];
    int error = tls.lastError(text, sizeof text);
    esp_mqtt_error_codes_t codes = {};
    codes.error_type = mqtt.state() > 0 ? MQTT_ERROR_TYPE_CONNECTION_REFUSED : MQTT_ERROR_TYPE_TCP_TRANSPORT;
    codes.connect_return_code = static_cast<esp_mqtt_connect_return_code_t>(mqtt.state() > 0 ? mqtt.state() : 0);
    if (error < -1) {
      codes.esp_tls_last_esp_err = ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED;
      codes.esp_tls_stack_err = -error;  // esp-tls keeps it positive
      codes.esp_tls_cert_verify_flags = error == -0x2700 ? 8 : 0;
    } else if (error == -1) {
      codes.esp_tls_last_esp_err = ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST;
    }
    esp_mqtt_event_t event = {};
    event.error_handle = &codes;
    tell(MQTT_EVENT_ERROR, event);
    tell(MQTT_EVENT_DISCONNECTED);
  }

  void run() {
    for (;;) {
      {
        std::lock_guard<std::recursive_mutex> hold(lock);
        if (wanted) {
          wanted = false;
          connect();
        } else if (connected && !mqtt.loop()) {
          connected = false;
          tell(MQTT_EVENT_DISCONNECTED);
        }
      }
      fflush(stdout);
      delay(10);
    }
  }
};

esp_mqtt_client_handle_t esp_mqtt_client_init(const esp_mqtt_client_config_t *config) {
  auto *client = new esp_mqtt_client;
  client->config = *config;
  const auto &broker = config->broker;
  client->tls.setCACert(broker.verification.certificate);
  client->tls.setCertificate(config->credentials.authentication.certificate);
  client->tls.setPrivateKey(config->credentials.authentication.key);
  if (const psk_key_hint *psk = broker.verification.psk_hint_key) {
    auto *hex = new std::string;
    for (size_t i = 0; i < psk->key_size; i++) {
      char digits[3];
      snprintf(digits, sizeof digits, "%02x", psk->key[i]);
      *hex += digits;
    }
    client->tls.setPreSharedKey(psk->hint, hex->c_str());
  }
  static char host[256];
  unsigned port = broker.address.port;
  snprintf(host, sizeof host, "%s", broker.address.hostname ? broker.address.hostname : "");
  if (broker.address.uri && sscanf(broker.address.uri, "mqtts://%255[^:/]:%u", host, &port) < 2) abort();
  client->mqtt.setServer(host, static_cast<uint16_t>(port));
  client->mqtt.setKeepAlive(static_cast<uint16_t>(config->session.keepalive ? config->session.keepalive : 120));
  const int buffer = config->buffer.size ? config->buffer.size : 1024;
  client->mqtt.setBufferSize(UINT16_MAX);
  // As esp-mqtt does: what is longer than the buffer comes in pieces, and only the first has the topic.
  client->mqtt.setCallback([client, buffer](char *topic, uint8_t *payload, unsigned int length) {
    const int total = static_cast<int>(length);
    int offset = 0;
    do {
      esp_mqtt_event_t event = {};
      event.topic = offset == 0 ? topic : nullptr;
      event.topic_len = offset == 0 ? static_cast<int>(strlen(topic)) : 0;
      event.data = reinterpret_cast<char *>(payload) + offset;
      event.data_len = std::min(buffer, total - offset);
      event.total_data_len = total;
      event.current_data_offset = offset;
      client->tell(MQTT_EVENT_DATA, event);
      offset += event.data_len;
    } while (offset < total);
  });
  return client;
}

esp_err_t esp_mqtt_client_register_event(esp_mqtt_client_handle_t client, esp_mqtt_event_id_t,
                                         esp_event_handler_t handler, void *argument) {
  client->handler = handler;
  client->argument = argument;
  return ESP_OK;
}

esp_err_t esp_mqtt_client_start(esp_mqtt_client_handle_t client) {
  client->wanted = true;
  std::thread([client] { client->run(); }).detach();
  return ESP_OK;
}

esp_err_t esp_mqtt_client_reconnect(esp_mqtt_client_handle_t client) {
  std::lock_guard<std::recursive_mutex> hold(client->lock);
  client->wanted = true;
  return ESP_OK;
}

int esp_mqtt_client_publish(esp_mqtt_client_handle_t client, const char *topic, const char *data, int, int, int retain) {
  std::lock_guard<std::recursive_mutex> hold(client->lock);
  return client->mqtt.publish(topic, data, retain != 0) ? 0 : -1;
}

int esp_mqtt_client_subscribe_single(esp_mqtt_client_handle_t client, const char *topic, int qos) {
  std::lock_guard<std::recursive_mutex> hold(client->lock);
  return client->mqtt.subscribe(topic, static_cast<uint8_t>(qos)) ? 1 : -1;
}

void setup() { app_main(); }
void loop() { exit(0); }
