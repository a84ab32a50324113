#include "report.h"
#include <stdio.h>
#include <stdlib.h>
#include "esp_err.h"
#include "esp_heap_caps.h"
#include "esp_system.h"
#include "wall_clock.h"
#include "wifi_link.h"

void report_connect_failure(const esp_mqtt_error_codes_t *error)
{
    char when[32];
    wall_clock_print(when, sizeof when);
    char code[16] = "none";  // no TLS error: the handshake went through, or never began
    if (error->esp_tls_stack_err != 0) {
        snprintf(code, sizeof code, "-0x%04X", (unsigned)abs(error->esp_tls_stack_err));
    }
    // ESP-IDF prints the verify flags only at log level DEBUG; here they are: why the certificate was refused.
    printf("[secure-iot] connect failed esp=0x%X \"%s\" tls=%s cert_verify_flags=0x%08X errno=%d connect_return_code=%d heap=%u largest=%u time=%s "
           "rssi=%d\n",
           (unsigned)error->esp_tls_last_esp_err, esp_err_to_name(error->esp_tls_last_esp_err), code,
           (unsigned)error->esp_tls_cert_verify_flags, error->esp_transport_sock_errno,
           error->error_type == MQTT_ERROR_TYPE_CONNECTION_REFUSED ? (int)error->connect_return_code : 0,
           (unsigned)esp_get_free_heap_size(), (unsigned)heap_caps_get_largest_free_block(MALLOC_CAP_8BIT), when,
           wifi_link_rssi());
}
