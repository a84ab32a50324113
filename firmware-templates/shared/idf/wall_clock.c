#include "wall_clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "config.h"
#include "esp_idf_version.h"
#include "esp_sntp.h"

void wall_clock_start(void)
{
    static bool started = false;
    if (started) return;
    started = true;
    setenv("TZ", TIME_ZONE, 1);
    tzset();
#if ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(5, 1, 0)
    esp_sntp_setoperatingmode(ESP_SNTP_OPMODE_POLL);
    esp_sntp_setservername(0, "pool.ntp.org");
    esp_sntp_init();
#else
    sntp_setoperatingmode(SNTP_OPMODE_POLL);
    sntp_setservername(0, "pool.ntp.org");
    sntp_init();
#endif
}

void wall_clock_print(char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm local;
    if (now < 1600000000 || !localtime_r(&now, &local)) {  // a board starts in 1970
        snprintf(out, size, "unset");
    } else {
        strftime(out, size, "%Y-%m-%dT%H:%M:%S%z", &local);
    }
}
