/*
 * The exported functions. Each looks whether the runtime may be entered, and hands on: C# code is never the first thing to run, so that neither a
 * program that forgets dp_init nor a fork's child can end in the runtime's abort. That these fit dataplane.h is checked by the compiler.
 */
#include "managed.h"
#include "process.h"

#define READY do { int32_t code_ = dp_ready(); if (code_ != DP_OK) return code_; } while (0)
#define READY_AND_SIGNAL do { int32_t code_ = dp_ready_to_run(); if (code_ != DP_OK) return code_; } while (0)

int32_t dp_prepare(int64_t timeout_us)
{
    READY;
    return dpm_prepare(timeout_us);
}

int32_t dp_memory_create(dp_memory **memory)
{
    READY;
    return dpm_memory_create(memory);
}

int32_t dp_memory_add_block(dp_memory *memory, const dp_block *block)
{
    READY;
    return dpm_memory_add_block(memory, block);
}

int32_t dp_memory_remove_block(dp_memory *memory, const char *name)
{
    READY;
    return dpm_memory_remove_block(memory, name);
}

int32_t dp_memory_block_address(dp_memory *memory, const char *name, void **host_address)
{
    READY;
    return dpm_memory_block_address(memory, name, host_address);
}

int32_t dp_mark_dirty(dp_memory *memory, uint64_t guest_address, uint64_t length)
{
    READY;
    return dpm_mark_dirty(memory, guest_address, length);
}

int32_t dp_memory_destroy(dp_memory *memory)
{
    READY;
    return dpm_memory_destroy(memory);
}

int32_t dp_write(dp_stream *stream, const void *data, uint64_t length)
{
    READY;
    return dpm_write(stream, data, length);
}

int32_t dp_listener_create(const char *address, dp_listener **listener)
{
    READY;
    return dpm_listener_create(address, listener);
}

int32_t dp_listener_address(dp_listener *listener, char *text, uint64_t size, uint64_t *needed)
{
    READY;
    return dpm_listener_address(listener, text, size, needed);
}

int32_t dp_listener_destroy(dp_listener *listener)
{
    READY;
    return dpm_listener_destroy(listener);
}

int32_t dp_source_create(dp_memory *memory, dp_dirty *const *dirty, uint32_t dirty_count, const dp_host *host, const dp_source_options *options, dp_migration **source)
{
    READY;
    return dpm_source_create(memory, dirty, dirty_count, host, options, source);
}

int32_t dp_destination_create(dp_memory *memory, const dp_host *host, const dp_destination_options *options, dp_migration **destination)
{
    READY;
    return dpm_destination_create(memory, host, options, destination);
}

int32_t dp_source_start(dp_migration *source, const char *address)
{
    READY_AND_SIGNAL;
    return dpm_source_start(source, address);
}

int32_t dp_destination_start(dp_migration *destination, dp_listener *listener)
{
    READY_AND_SIGNAL;
    return dpm_destination_start(destination, listener);
}

int32_t dp_source_start_sockets(dp_migration *source, const int32_t *fds, uint32_t count)
{
    READY_AND_SIGNAL;
    return dpm_source_start_sockets(source, fds, count);
}

int32_t dp_destination_start_sockets(dp_migration *destination, const int32_t *fds, uint32_t count)
{
    READY_AND_SIGNAL;
    return dpm_destination_start_sockets(destination, fds, count);
}

int32_t dp_wait(dp_migration *migration, int64_t timeout_us)
{
    READY;
    return dpm_wait(migration, timeout_us);
}

int32_t dp_cancel(dp_migration *migration)
{
    READY;
    return dpm_cancel(migration);
}

int32_t dp_continue(dp_migration *source)
{
    READY;
    return dpm_continue(source);
}

int32_t dp_source_update_init(dp_migration *source, dp_source_update *update, uint32_t size)
{
    READY;
    return dpm_source_update_init(source, update, size);
}

int32_t dp_update(dp_migration *source, const dp_source_update *update)
{
    READY;
    return dpm_update(source, update);
}

int32_t dp_settle(dp_migration *migration, int32_t told)
{
    READY_AND_SIGNAL;
    return dpm_settle(migration, told);
}

int32_t dp_poll_fd(dp_migration *migration, int32_t *fd)
{
    READY;
    return dpm_poll_fd(migration, fd);
}

int32_t dp_next_event(dp_migration *migration, dp_event *event)
{
    READY;
    return dpm_next_event(migration, event);
}

int32_t dp_get_progress(dp_migration *migration, dp_progress *progress)
{
    READY;
    return dpm_get_progress(migration, progress);
}

int32_t dp_progress_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed)
{
    READY;
    return dpm_progress_json(migration, text, size, needed);
}

int32_t dp_get_result(dp_migration *migration, dp_result *result)
{
    READY;
    return dpm_get_result(migration, result);
}

int32_t dp_result_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed)
{
    READY;
    return dpm_result_json(migration, text, size, needed);
}

int32_t dp_migration_destroy(dp_migration *migration)
{
    READY;
    return dpm_migration_destroy(migration);
}

int32_t dp_dirty_create_callbacks(dp_memory *memory, const dp_dirty_callbacks *callbacks, dp_dirty **dirty)
{
    READY;
    return dpm_dirty_create_callbacks(memory, callbacks, dirty);
}

int32_t dp_dirty_create_kvm(dp_memory *memory, const dp_kvm_options *options, dp_dirty **dirty)
{
    READY;
    return dpm_dirty_create_kvm(memory, options, dirty);
}

int32_t dp_kvm_enable_ring(int32_t vm_fd, uint32_t entries)
{
    READY;
    return dpm_kvm_enable_ring(vm_fd, entries);
}

int32_t dp_dirty_harvest(dp_dirty *dirty)
{
    READY;
    return dpm_dirty_harvest(dirty);
}

int32_t dp_dirty_create_userfault(dp_memory *memory, dp_dirty **dirty)
{
    READY;
    return dpm_dirty_create_userfault(memory, dirty);
}

int32_t dp_dirty_create_vhost(dp_memory *memory, uint64_t offset, dp_dirty **dirty)
{
    READY;
    return dpm_dirty_create_vhost(memory, offset, dirty);
}

int32_t dp_dirty_vhost_log(dp_dirty *dirty, int32_t *fd, uint64_t *offset, uint64_t *length, void **address)
{
    READY;
    return dpm_dirty_vhost_log(dirty, fd, offset, length, address);
}

int32_t dp_dirty_destroy(dp_dirty *dirty)
{
    READY;
    return dpm_dirty_destroy(dirty);
}

int32_t dp_costs_create(dp_costs **costs)
{
    READY;
    return dpm_costs_create(costs);
}

int32_t dp_costs_destroy(dp_costs *costs)
{
    READY;
    return dpm_costs_destroy(costs);
}

int32_t dp_handover_status_json(const char *folder, char *text, uint64_t size, uint64_t *needed)
{
    READY;
    return dpm_handover_status_json(folder, text, size, needed);
}

int32_t dp_handover_ask(const char *folder, const char *address, const uint8_t *image, int64_t timeout_us, char *text, uint64_t size, uint64_t *needed)
{
    READY;
    return dpm_handover_ask(folder, address, image, timeout_us, text, size, needed);
}

int32_t dp_handover_resolve(const char *folder, const uint8_t *image, uint32_t attempt, int32_t side, int32_t other_side_is_off, const char *arbiter_folder)
{
    READY;
    return dpm_handover_resolve(folder, image, attempt, side, other_side_is_off, arbiter_folder);
}
