/* What every struct is before the caller changes it. The numbers are those of the C# options; a test compares them. */
#include <stdio.h>
#include <string.h>

#include "process.h"

#define SECOND INT64_C(1000000)

/* A caller with a newer header has fields that are unknown here: zero is "not asked for". One with a shorter struct than the first is none. */
static int32_t clear(void *into, uint32_t size, size_t first, const char *name)
{
    char sentence[160];
    if (into == NULL) {
        snprintf(sentence, sizeof sentence, "The %s to set up is NULL.", name);
        return dp_refused(DP_E_ARGUMENT, sentence);
    }
    if (size < first || size > 1u << 16) {
        snprintf(sentence, sizeof sentence, "A %s has %zu bytes or more, not %u: pass sizeof the struct.", name, first, (unsigned)size);
        return dp_refused(DP_E_STRUCT_SIZE, sentence);
    }
    memset(into, 0, size);
    memcpy(into, &size, sizeof size);
    return DP_OK;
}

#define CLEAR_FROM(pointer, type, first) do { int32_t code_ = clear(pointer, size, first, #type); if (code_ != DP_OK) return code_; } while (0)
#define CLEAR(pointer, type) CLEAR_FROM(pointer, type, sizeof(type))

/* Structs that have grown: the first that was given out ended here. */
#define FIRST_BLOCK offsetof(dp_block, discarded)
#define FIRST_DESTINATION_OPTIONS offsetof(dp_destination_options, accept_timeout_us)

int32_t dp_block_init(dp_block *block, uint32_t size)
{
    CLEAR_FROM(block, dp_block, FIRST_BLOCK);
    block->fd = -1;
    block->backing_page_size = 4096;
    return DP_OK;
}

int32_t dp_section_init(dp_section *section, uint32_t size)
{
    CLEAR(section, dp_section);
    return DP_OK;
}

int32_t dp_host_init(dp_host *host, uint32_t size)
{
    CLEAR(host, dp_host);
    return DP_OK;
}

int32_t dp_arbiter_init(dp_arbiter *arbiter, uint32_t size)
{
    CLEAR(arbiter, dp_arbiter);
    return DP_OK;
}

int32_t dp_dirty_callbacks_init(dp_dirty_callbacks *callbacks, uint32_t size)
{
    CLEAR(callbacks, dp_dirty_callbacks);
    return DP_OK;
}

int32_t dp_kvm_slot_init(dp_kvm_slot *slot, uint32_t size)
{
    CLEAR(slot, dp_kvm_slot);
    return DP_OK;
}

int32_t dp_kvm_options_init(dp_kvm_options *options, uint32_t size)
{
    CLEAR(options, dp_kvm_options);
    options->vm_fd = -1;
    options->ring_entries = 65536;
    return DP_OK;
}

int32_t dp_source_options_init(dp_source_options *options, uint32_t size)
{
    CLEAR(options, dp_source_options);
    options->downtime_limit_us = 300000;
    options->switchover_limit_us = -1;
    options->timeout_us = 3600 * SECOND;
    options->retain_us = 300 * SECOND;
    options->connect_timeout_us = 10 * SECOND;
    options->handshake_timeout_us = 10 * SECOND;
    options->idle_timeout_us = 10 * SECOND;
    options->handover_timeout_us = 30 * SECOND;
    return DP_OK;
}

int32_t dp_destination_options_init(dp_destination_options *options, uint32_t size)
{
    CLEAR_FROM(options, dp_destination_options, FIRST_DESTINATION_OPTIONS);
    options->max_channels = 64;
    options->max_device_state_bytes = INT64_C(256) << 20;
    options->handshake_timeout_us = 10 * SECOND;
    options->idle_timeout_us = 10 * SECOND;
    options->handover_timeout_us = 30 * SECOND;
    options->retain_us = 300 * SECOND;
    return DP_OK;
}
