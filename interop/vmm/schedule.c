#include "schedule.h"

#include <string.h>

/* Where in the place: its clock at 0 and the writes before it at 8; the time spent in a phase, which phase, and a step's pages are 0 here. */
enum { TRACE = 40, PHASES = 48 };

void schedule_save(const struct pace *pace, const struct writer *writer, uint8_t *bytes)
{
    uint16_t phases = 1;
    /* Lasts for ever, and has the orders that the writer has. */
    const uint64_t phase[SCHEDULE_PHASE / sizeof(uint64_t)] = { 0, writer->pattern, writer->hot_pages, writer->drift, writer->batch, writer->bytes_per_second, writer->burst_period_ns };
    memset(bytes, 0, SCHEDULE_PLACE);
    memcpy(bytes, &pace->clock_ns, sizeof pace->clock_ns);
    memcpy(bytes + sizeof pace->clock_ns, &pace->count_before, sizeof pace->count_before);
    memcpy(bytes + PHASES, &phases, sizeof phases);
    memcpy(bytes + SCHEDULE_PLACE, phase, sizeof phase);
}

const char *schedule_load(struct pace *pace, const uint8_t *bytes, size_t size)
{
    uint64_t trace;
    uint16_t phases;
    if (size < SCHEDULE_SIZE)
        return "its state ends before it begins";
    memcpy(&trace, bytes + TRACE, sizeof trace);
    memcpy(&phases, bytes + PHASES, sizeof phases);
    if (trace != 0)
        return "the guest that came replays a trace, which this VMM cannot";
    if (phases != 1)
        return "the guest that came changes its orders from phase to phase, which this VMM cannot";
    memcpy(&pace->clock_ns, bytes, sizeof pace->clock_ns);
    memcpy(&pace->count_before, bytes + sizeof pace->clock_ns, sizeof pace->count_before);
    return NULL;
}
