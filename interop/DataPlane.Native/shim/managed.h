/* The library's C# side: what dataplane.h declares, under other names, with every argument unchecked. Never called before dp_init is through. */
#ifndef DP_MANAGED_H
#define DP_MANAGED_H

#include "dataplane.h"

int32_t dpm_init(void);
int32_t dpm_check_host(char *text, uint64_t size, uint64_t *needed);
int32_t dpm_last_error(const void *handle, char *text, uint64_t size, uint64_t *needed);
void dpm_refused(int32_t code, const char *sentence); /* what this side refuses: kept as the calling thread's last error */
int32_t dpm_prepare(int64_t timeout_us);
int32_t dpm_memory_create(dp_memory **memory);
int32_t dpm_memory_add_block(dp_memory *memory, const dp_block *block);
int32_t dpm_memory_remove_block(dp_memory *memory, const char *name);
int32_t dpm_memory_block_address(dp_memory *memory, const char *name, void **host_address);
int32_t dpm_mark_dirty(dp_memory *memory, uint64_t guest_address, uint64_t length);
int32_t dpm_memory_destroy(dp_memory *memory);
int32_t dpm_write(dp_stream *stream, const void *data, uint64_t length);
int32_t dpm_listener_create(const char *address, dp_listener **listener);
int32_t dpm_listener_address(dp_listener *listener, char *text, uint64_t size, uint64_t *needed);
int32_t dpm_listener_destroy(dp_listener *listener);
int32_t dpm_source_create(dp_memory *memory, dp_dirty *const *dirty, uint32_t dirty_count, const dp_host *host, const dp_source_options *options, dp_migration **source);
int32_t dpm_destination_create(dp_memory *memory, const dp_host *host, const dp_destination_options *options, dp_migration **destination);
int32_t dpm_source_start(dp_migration *source, const char *address);
int32_t dpm_destination_start(dp_migration *destination, dp_listener *listener);
int32_t dpm_source_start_sockets(dp_migration *source, const int32_t *fds, uint32_t count);
int32_t dpm_destination_start_sockets(dp_migration *destination, const int32_t *fds, uint32_t count);
int32_t dpm_wait(dp_migration *migration, int64_t timeout_us);
int32_t dpm_cancel(dp_migration *migration);
int32_t dpm_continue(dp_migration *source);
int32_t dpm_source_update_init(dp_migration *source, dp_source_update *update, uint32_t size);
int32_t dpm_update(dp_migration *source, const dp_source_update *update);
int32_t dpm_settle(dp_migration *migration, int32_t told);
int32_t dpm_poll_fd(dp_migration *migration, int32_t *fd);
int32_t dpm_next_event(dp_migration *migration, dp_event *event);
int32_t dpm_get_progress(dp_migration *migration, dp_progress *progress);
int32_t dpm_progress_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed);
int32_t dpm_get_result(dp_migration *migration, dp_result *result);
int32_t dpm_result_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed);
int32_t dpm_migration_destroy(dp_migration *migration);
int32_t dpm_dirty_create_callbacks(dp_memory *memory, const dp_dirty_callbacks *callbacks, dp_dirty **dirty);
int32_t dpm_dirty_create_kvm(dp_memory *memory, const dp_kvm_options *options, dp_dirty **dirty);
int32_t dpm_kvm_enable_ring(int32_t vm_fd, uint32_t entries);
int32_t dpm_dirty_harvest(dp_dirty *dirty);
int32_t dpm_dirty_create_userfault(dp_memory *memory, dp_dirty **dirty);
int32_t dpm_dirty_create_vhost(dp_memory *memory, uint64_t offset, dp_dirty **dirty);
int32_t dpm_dirty_vhost_log(dp_dirty *dirty, int32_t *fd, uint64_t *offset, uint64_t *length, void **address);
int32_t dpm_dirty_destroy(dp_dirty *dirty);
int32_t dpm_costs_create(dp_costs **costs);
int32_t dpm_costs_destroy(dp_costs *costs);
int32_t dpm_handover_status_json(const char *folder, char *text, uint64_t size, uint64_t *needed);
int32_t dpm_handover_ask(const char *folder, const char *address, const uint8_t *image, int64_t timeout_us, char *text, uint64_t size, uint64_t *needed);
int32_t dpm_handover_resolve(const char *folder, const uint8_t *image, uint32_t attempt, int32_t side, int32_t other_side_is_off, const char *arbiter_folder);

#endif
