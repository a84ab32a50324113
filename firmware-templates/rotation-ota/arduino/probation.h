// A new image is on probation: it keeps its place only once it has reached the broker. One that crashes or stays alone
// makes way for the image before it. (The bootloader of arduino-esp32 has CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE.)
#pragma once
#include <Arduino.h>
#include <esp_ota_ops.h>

// Asked by the core before setup(): it would call every image good that gets that far.
extern "C" bool verifyRollbackLater() { return true; }

class Probation {
public:
  void begin() {
    esp_ota_img_states_t state;
    on_ = esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
          state == ESP_OTA_IMG_PENDING_VERIFY;
    if (on_) Serial.println("[secure-iot] this firmware is on probation until it has reached the broker");
  }

  // True the first time.
  bool passed() {
    if (!on_) return false;
    on_ = false;
    return esp_ota_mark_app_valid_cancel_rollback() == ESP_OK;
  }

  void check() {
    if (!on_ || millis() < LIMIT_MS) return;
    on_ = false;
    Serial.println("[secure-iot] the broker was not reached: back to the firmware before this one");
    esp_ota_mark_app_invalid_rollback_and_reboot();  // returns only where there is no other image
  }

private:
  static constexpr uint32_t LIMIT_MS = 10UL * 60UL * 1000UL;
  bool on_ = false;
};
