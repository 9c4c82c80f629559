#include "guest.h"

#include <inttypes.h>
#include <stdio.h>

#include "boot.h"
#include "events.h"
#include "fail.h"

void guest_boot(struct vm *vm, const struct options *options)
{
    if (!options->fill_zero)
        memory_fill_random(&vm->memory);
    boot_write_system(&vm->memory);
    workload_write(&vm->memory, vm->vcpu_count, &options->work);
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        boot_enter(&vm->vcpus[i]);
}

int guest_run_on(struct vm *vm, const struct options *options, const char *where)
{
    uint64_t before = workload_count(&vm->memory, vm->vcpu_count);
    int64_t since = now_ns();
    (void)events_wait(-1, options->run_for);
    vm_pause(vm);
    fprintf(options->json ? stderr : stdout, "guest at the %s: ran on for %" PRId64 " ms, wrote %" PRIu64 " pages, stopped\n", where,
            (now_ns() - since) / 1000000, workload_count(&vm->memory, vm->vcpu_count) - before);
    return guest_check(vm, options, where);
}

int guest_check(struct vm *vm, const struct options *options, const char *where)
{
    if (vm_fault(vm) != NULL) {
        fprintf(stderr, "vmm: the guest at the %s has failed: %s\n", where, vm_fault(vm));
        return EXIT_FAILED;
    }
    struct invariant invariant = workload_check(&vm->memory, vm->vcpu_count);
    fprintf(options->json ? stderr : stdout, "guest at the %s: invariant %s: page counters sum to %" PRIu64 ", writes %" PRIu64 ", at most %u apart\n",
            where, invariant.holds ? "holds" : "BROKEN", invariant.page_counters, invariant.writes, vm->vcpu_count);
    return invariant.holds ? EXIT_DONE : EXIT_DIFFERENT_MEMORY;
}
