#include "migration.h"

#include <dataplane.h>
#include <stdio.h>

#include "fail.h"
#include "guest.h"
#include "host.h"
#include "outcome.h"

/*
 * Ends the process where a call of the set-up has failed, with the library's own sentence. Where there was no handle to fail with, it
 * keeps the sentence for the thread.
 */
static void check(int32_t result, const void *handle, const char *call)
{
    if (result == DP_OK)
        return;
    char sentence[2048] = "";
    dp_last_error(handle, sentence, sizeof sentence, NULL);
    die(outcome_exit_code(result), "%s: %s", call, sentence[0] != '\0' ? sentence : dp_strerror(result));
}

static void print_line(void *opaque, const char *line)
{
    (void)opaque;
    fprintf(stderr, "vmm: %s\n", line);
}

void migration_prepare(void)
{
    check(dp_init(DP_ABI_VERSION), NULL, "dp_init");
    check(dp_prepare(0), NULL, "dp_prepare"); /* only begins it: it goes on while guest memory is filled */
}

/* The guest's RAM as the library is to see it: the blocks that are KVM's slots, in the same order on both sides. */
static dp_memory *describe_memory(struct vm *vm)
{
    dp_memory *memory;
    struct block blocks[MAX_BLOCKS];
    unsigned count = memory_blocks(&vm->memory, blocks);
    check(dp_memory_create(&memory), NULL, "dp_memory_create");
    for (unsigned i = 0; i < count; i++) {
        dp_block block;
        dp_block_init(&block, sizeof block);
        block.name = blocks[i].name;
        block.host_address = vm->memory.host + blocks[i].offset;
        block.length = blocks[i].size;
        block.guest_address = blocks[i].guest_address;
        block.fd = vm->memory.fd; /* not needed, but with it holes are found without reading them */
        block.fd_offset = blocks[i].offset;
        check(dp_memory_add_block(memory, &block), memory, "dp_memory_add_block");
    }
    return memory;
}

/*
 * Dirty tracking is left to the library: it needs the VM's descriptor and which slot holds which block, and switches the slots' logging on
 * and off. This VMM writes no guest memory while the guest runs; one whose devices do would call dp_mark_dirty after each write.
 */
static dp_dirty *track_dirty_pages(struct vm *vm, dp_memory *memory)
{
    dp_dirty *dirty;
    dp_kvm_slot slots[MAX_BLOCKS];
    struct block blocks[MAX_BLOCKS];
    dp_kvm_options kvm;
    dp_kvm_options_init(&kvm, sizeof kvm);
    kvm.vm_fd = vm->fd;
    kvm.slot_count = memory_blocks(&vm->memory, blocks);
    kvm.slots = slots;
    for (unsigned i = 0; i < kvm.slot_count; i++) {
        dp_kvm_slot_init(&slots[i], sizeof slots[i]);
        slots[i].slot = (int32_t)i;
        slots[i].block = blocks[i].name;
    }
    check(dp_dirty_create_kvm(memory, &kvm, &dirty), NULL, "dp_dirty_create_kvm");
    return dirty;
}

int migration_send(struct vm *vm, const struct options *options)
{
    guest_boot(vm, options);

    struct host host;
    dp_host calls = host_describe(&host, vm);
    dp_source_options wishes;
    dp_source_options_init(&wishes, sizeof wishes);
    wishes.channels = options->channels;
    wishes.downtime_limit_us = (int64_t)(options->downtime_limit * 1e6);
    wishes.verify = options->verify_full ? DP_VERIFY_FULL : DP_VERIFY_DIGEST;
    wishes.log = print_line;

    dp_memory *memory = describe_memory(vm);
    dp_dirty *dirty = track_dirty_pages(vm, memory);
    dp_migration *source;
    check(dp_source_create(memory, &dirty, 1, &calls, &wishes, &source), NULL, "dp_source_create");

    vm_resume(vm);
    int32_t started = dp_source_start(source, options->address);
    int code = started == DP_OK ? outcome_await(source, options->json) : outcome_of_failure(source, started);

    /* From here on nothing calls back. A guest that stayed runs, and would in a real VMM go on doing so. */
    if (vm->running) {
        vm_pause(vm);
        fprintf(options->json ? stderr : stdout, "guest at the source: ran on here, stopped\n");
    }
    int sound = guest_check(vm, options, "source");
    dp_migration_destroy(source); /* what was made last goes first: each is in use by the one before */
    dp_dirty_destroy(dirty);
    dp_memory_destroy(memory);
    host_destroy(&host);
    return code != EXIT_DONE ? code : sound;
}

int migration_receive(struct vm *vm, const struct options *options)
{
    if (options->poison)
        memory_poison(&vm->memory);

    struct host host;
    dp_host calls = host_describe(&host, vm);
    dp_destination_options wishes;
    dp_destination_options_init(&wishes, sizeof wishes);
    /* Memory that was never written need not be written for pages of zeros. */
    wishes.memory = options->poison ? DP_MEMORY_POPULATED : DP_MEMORY_FRESH;
    wishes.log = print_line;

    dp_memory *memory = describe_memory(vm);
    dp_migration *destination;
    check(dp_destination_create(memory, &calls, &wishes, &destination), NULL, "dp_destination_create");

    dp_listener *listener;
    char address[256] = "";
    check(dp_listener_create(options->address, &listener), NULL, "dp_listener_create");
    check(dp_listener_address(listener, address, sizeof address, NULL), listener, "dp_listener_address");
    fprintf(stderr, "listening on %s\n", address);
    check(dp_destination_start(destination, listener), destination, "dp_destination_start");
    int code = outcome_await(destination, options->json);

    /* The guest runs already if it came: the library has called `resume`. */
    int sound = code == EXIT_DONE ? guest_run_on(vm, options, "destination") : code;
    dp_migration_destroy(destination);
    dp_listener_destroy(listener);
    dp_memory_destroy(memory);
    host_destroy(&host);
    return sound;
}
