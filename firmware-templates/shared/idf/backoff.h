// When to try again: the pause doubles with each failure and half of it is random, so that a thousand boards whose
// broker restarted do not come back in the same second.
#pragma once
#include <stdint.h>
#include "esp_random.h"

typedef struct {
    uint32_t first_ms, longest_ms, ceiling_ms;
} backoff_t;

static inline uint32_t backoff_next_ms(backoff_t *backoff)
{
    uint32_t half = backoff->ceiling_ms / 2;
    uint32_t pause = half + esp_random() % (half + 1);
    backoff->ceiling_ms = backoff->ceiling_ms > backoff->longest_ms / 2 ? backoff->longest_ms : backoff->ceiling_ms * 2;
    return pause;
}

// Call it once the connection has held for a while: a broker that drops the board at once is a failure too.
static inline void backoff_reset(backoff_t *backoff)
{
    backoff->ceiling_ms = backoff->first_ms;
}
