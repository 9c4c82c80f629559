/*
 * Holds a vCPU to its dirty rate: tells how long to sleep after so many writes. The clock stands while the guest does and is part of
 * the vCPU's saved state. One thread at a time.
 */
#ifndef VMM_PACE_H
#define VMM_PACE_H

#include <stdint.h>

#include "layout.h"

struct pace {
    int64_t clock_ns;      /* of running, up to the last stop, less what was forgiven */
    uint64_t count_before; /* writes made before that clock began, elsewhere */
    int64_t resumed_at;    /* CLOCK_MONOTONIC */
};

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t now_ns(void);

void pace_resume(struct pace *pace);

void pace_stop(struct pace *pace);

/* When the next write is due by CLOCK_MONOTONIC: in the past, now, or never (INT64_MAX). */
int64_t pace_due(struct pace *pace, const struct writer *writer);

#endif
