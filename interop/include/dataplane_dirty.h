/*
 * dataplane_dirty.h - how written pages are found. Included by dataplane.h, whose rules hold here too.
 *
 * A VMM on KVM needs dp_dirty_create_kvm and dp_mark_dirty, and nothing else of this.
 */
#ifndef DATAPLANE_DIRTY_H
#define DATAPLANE_DIRTY_H

#ifndef DATAPLANE_H
#error "Include dataplane.h; it includes this."
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Where news of written pages comes from, beside dp_mark_dirty, which always counts. A source takes any number of them; none: marks alone. */
typedef struct dp_dirty dp_dirty;

/*
 * The VMM's own tracking. The contract: a write to a page that happens after the last `reprotect` of it has returned is reported by a `sync`
 * that starts after the write. A page may be reported that was not written; none may be missed. Blocks are numbered in the order in
 * which they were added, from 0; pages are 4096 bytes. Each returns 0, or a negative number, which fails the migration.
 */
typedef struct dp_dirty_callbacks {
    uint32_t struct_size;
    uint32_t reserved;
    void *opaque;               /* first argument of every callback */
    /* Begins tracking. What was written before need not be reported. May be NULL. */
    int32_t (*start)(void *opaque);
    /* Sets in `bitmap`, which is zero, the bits of the pages of `block` written since they were last reported: page p is bit p % 64 of word p / 64.
       Where there is no `reprotect`, the pages are to be protected again here. Once a block, in their order, for every read. */
    int32_t (*sync)(void *opaque, uint32_t block, uint64_t *bitmap, uint64_t pages);
    /* From its return on a write to any of these pages that were reported is reported again. They lie within 2 MiB (512 pages) and have not been
       read yet. Comes on channel threads, several at once, also beside `sync`. NULL: `sync` has done it. */
    int32_t (*reprotect)(void *opaque, uint32_t block, uint64_t first_page, uint64_t pages);
    /* Ends tracking. May be NULL. */
    int32_t (*stop)(void *opaque);
} dp_dirty_callbacks;

DP_API int32_t dp_dirty_callbacks_init(dp_dirty_callbacks *callbacks, uint32_t size);

/* Does not block. The callbacks are called until the migration that uses them has ended. */
DP_API int32_t dp_dirty_create_callbacks(dp_memory *memory, const dp_dirty_callbacks *callbacks, dp_dirty **dirty);

#define DP_KVM_AUTO 0           /* protect, else log */
#define DP_KVM_PROTECT 1        /* dirty log with manual protection (Linux 5.7): the best for nearly everybody */
#define DP_KVM_LOG 2            /* dirty log that protects when it is read */
#define DP_KVM_RING 3           /* dirty rings (Linux 5.11); the VM has been made with dp_kvm_enable_ring */

/* Which of the VM's memory slots holds which block, as a whole or as a part of the slot. */
typedef struct dp_kvm_slot {
    uint32_t struct_size;
    int32_t slot;               /* as given to KVM_SET_USER_MEMORY_REGION, address space in the upper 16 bits */
    const char *block;          /* name of the block */
    uint64_t offset_in_slot;    /* bytes from the slot's start to the block's, a multiple of 256 KiB */
    uint64_t slot_length;       /* bytes in the slot; 0: it ends with the block */
    uint32_t other_flags;       /* flags of the slot besides dirty logging */
    uint32_t reserved;
} dp_kvm_slot;

/* Tracking done for the VMM on its VM. It sees what vCPUs write; whatever else is written is marked. */
typedef struct dp_kvm_options {
    uint32_t struct_size;
    int32_t kind;               /* DP_KVM_* */
    int32_t vm_fd;              /* from KVM_CREATE_VM; stays the caller's and open until the dp_dirty is destroyed */
    uint32_t slot_count;
    const dp_kvm_slot *slots;
    const int32_t *vcpu_fds;    /* rings only: all vCPUs of the VM; stay open as vm_fd does */
    uint32_t vcpu_count;
    uint32_t ring_entries;      /* rings only: as given to dp_kvm_enable_ring */
} dp_kvm_options;

DP_API int32_t dp_kvm_slot_init(dp_kvm_slot *slot, uint32_t size);

/* kind DP_KVM_AUTO, vm_fd -1, ring_entries 65536. */
DP_API int32_t dp_kvm_options_init(dp_kvm_options *options, uint32_t size);

/*
 * Does not block. DP_E_UNAVAILABLE says what the kernel lacks. While a migration runs the VMM neither changes the slots named nor reads or
 * clears their logs. Each block's slot stays as it is otherwise.
 */
DP_API int32_t dp_dirty_create_kvm(dp_memory *memory, const dp_kvm_options *options, dp_dirty **dirty);

/* Gives a VM dirty rings instead of logs: right after KVM_CREATE_VM, before its first vCPU. A power of two, 1024 to 65536. Does not block. */
DP_API int32_t dp_kvm_enable_ring(int32_t vm_fd, uint32_t entries);

/* Empties the rings. On the vCPU's thread after KVM_EXIT_DIRTY_RING_FULL (31), before it runs the vCPU again. Does not block, allocates nothing. */
DP_API int32_t dp_dirty_harvest(dp_dirty *dirty);

/* userfaultfd (Linux 6.7): whatever this process writes, vCPUs included, needs no KVM and no marks. Does not block. */
DP_API int32_t dp_dirty_create_userfault(dp_memory *memory, dp_dirty **dirty);

/*
 * A log for vhost back ends (bit n % 8 of byte n / 8 is guest page n), with `offset` bytes before it that are the VMM's. dp_dirty_vhost_log tells its
 * descriptor (the library's, until the dp_dirty is destroyed), where it begins there, its length and where it is mapped, for
 * VHOST_SET_LOG_BASE and VHOST_USER_SET_LOG_BASE. The VMM switches the back ends' logging on and off. Do not block.
 */
DP_API int32_t dp_dirty_create_vhost(dp_memory *memory, uint64_t offset, dp_dirty **dirty);
DP_API int32_t dp_dirty_vhost_log(dp_dirty *dirty, int32_t *fd, uint64_t *offset, uint64_t *length, void **address);

/* DP_E_BUSY while a dp_migration that uses it exists. Does not block. */
DP_API int32_t dp_dirty_destroy(dp_dirty *dirty);

#ifdef __cplusplus
}
#endif

#endif
