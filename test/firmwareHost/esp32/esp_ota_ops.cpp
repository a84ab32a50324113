#include "esp_ota_ops.h"
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

static std::string pending() { return std::string(getenv("HOST_FLASH") ? getenv("HOST_FLASH") : "/nowhere") + "/pending"; }

const esp_partition_t *esp_ota_get_running_partition() { return nullptr; }

esp_err_t esp_ota_get_state_partition(const esp_partition_t *, esp_ota_img_states_t *state) {
  *state = access(pending().c_str(), F_OK) == 0 ? ESP_OTA_IMG_PENDING_VERIFY : ESP_OTA_IMG_VALID;
  return ESP_OK;
}

esp_err_t esp_ota_mark_app_valid_cancel_rollback() { return remove(pending().c_str()) == 0 ? ESP_OK : ESP_FAIL; }

esp_err_t esp_ota_mark_app_invalid_rollback_and_reboot() {
  printf("rolled back\n");
  exit(4);
}
