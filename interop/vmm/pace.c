#include "pace.h"

#include <time.h>

/* What a vCPU that was held back may catch up: more would turn a starved guest into one that dirties at full speed. */
#define MAX_LAG_NS 100000000

#define LONGEST_NS 1e18 /* 31 years: twice that still fits what time is counted in */

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

void pace_resume(struct pace *pace)
{
    pace->resumed_at = now_ns();
}

void pace_stop(struct pace *pace)
{
    pace->clock_ns += now_ns() - pace->resumed_at;
}

int64_t pace_due(struct pace *pace, const struct writer *writer)
{
    if (writer->bytes_per_second == 0)
        return INT64_MAX;
    /* In floating point: the product does not fit 64 bits for long. Exact to the microsecond for months. */
    double spent = (double)(writer->count - pace->count_before) * PAGE_SIZE * 1e9 / (double)writer->bytes_per_second;
    if (spent > LONGEST_NS)
        return INT64_MAX;
    int64_t due = (int64_t)spent;
    int64_t half = (int64_t)writer->burst_period_ns / 2;
    if (half > 0) {
        /* A burst: all of a period's writes fall into its first half, at twice the rate. */
        int64_t active = due / 2;
        due = active / half * 2 * half + active % half;
    }
    int64_t now = now_ns(), clock = pace->clock_ns + now - pace->resumed_at;
    if (due < clock - MAX_LAG_NS) {
        pace->clock_ns -= clock - MAX_LAG_NS - due;
        return now;
    }
    return now + due - clock;
}
