/*
 * When a vCPU writes what, as bytes and back: the front of its saved state, in the format of the C# program
 * (src/DataPlane.Guests/Writing/WriterScheduleState.cs). There a guest's orders may change by phases or follow a trace; here they stay as they are.
 */
#ifndef VMM_SCHEDULE_H
#define VMM_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "pace.h"

/* Of orders that stay: the place, and one phase. */
enum { SCHEDULE_PLACE = 50, SCHEDULE_PHASE = 56, SCHEDULE_SIZE = SCHEDULE_PLACE + SCHEDULE_PHASE };

/* Writes SCHEDULE_SIZE bytes. */
void schedule_save(const struct pace *pace, const struct writer *writer, uint8_t *bytes);

/* Takes the pace from the front of saved state. Returns why not, or NULL. */
const char *schedule_load(struct pace *pace, const uint8_t *bytes, size_t size);

#endif
