#include "host.h"

#include <stdio.h>
#include <stdlib.h>

#include "device.h"
#include "fail.h"
#include "vcpu_state.h"

/* What a callback returns when it fails. The library fails the migration, naming the step and this reason, and the guest goes on. */
static int32_t failed(struct host *host, dp_step *step)
{
    step->reason = host->reason;
    return DP_E_HOST_FAILED;
}

/*
 * Source. When this returns, no vCPU writes guest memory: that is what makes the last pages the last. The moment is told so that the
 * blackout is counted from the guest's last instruction, and not from the call.
 */
static int32_t pause_guest(void *opaque, dp_step *step)
{
    struct host *host = opaque;
    if (!vm_pause(host->vm)) {
        snprintf(host->reason, sizeof host->reason, "%s", vm_fault(host->vm));
        return failed(host, step);
    }
    step->guest_moment_ns = vm_stopped_at(host->vm);
    return DP_OK;
}

/* Destination, when the guest is its own; or source, when a migration has failed with the guest stopped. */
static int32_t resume_guest(void *opaque, dp_step *step)
{
    struct host *host = opaque;
    vm_resume(host->vm);
    step->guest_moment_ns = vm_resumed_at(host->vm);
    return DP_OK;
}

/* Source, guest stopped: once for each section, in their order. */
static int32_t save_section(void *opaque, dp_step *step, uint32_t section, dp_stream *out)
{
    struct host *host = opaque;
    size_t size = DEVICE_STATE_SIZE;
    if (section == host->vm->vcpu_count)
        device_save(host->state);
    else
        size = vcpu_state_save(&host->vm->vcpus[section], host->state, host->reason, sizeof host->reason);
    if (size == 0)
        return failed(host, step);
    return dp_write(out, host->state, size);
}

/* Destination, before the guest runs. The bytes came over a network: whatever they hold, loading them must not harm this process. */
static int32_t load_section(void *opaque, dp_step *step, uint32_t section, const void *state, uint64_t length)
{
    struct host *host = opaque;
    bool loaded;
    if (section == host->vm->vcpu_count) {
        loaded = device_load(state, length);
        snprintf(host->reason, sizeof host->reason, "the opaque device's state is not as it was saved");
    } else {
        loaded = vcpu_state_load(&host->vm->vcpus[section], state, length, host->reason, sizeof host->reason);
    }
    return loaded ? DP_OK : failed(host, step);
}

struct dp_host host_describe(struct host *host, struct vm *vm)
{
    size_t largest = DEVICE_STATE_SIZE;
    host->vm = vm;
    for (unsigned i = 0; i <= vm->vcpu_count; i++) {
        struct dp_section *section = &host->sections[i];
        dp_section_init(section, sizeof *section);
        if (i == vm->vcpu_count) {
            section->id = "opaque";
            section->version = DEVICE_STATE_VERSION;
            section->size = DEVICE_STATE_SIZE;
            continue;
        }
        snprintf(host->ids[i], sizeof host->ids[i], "kvm-vcpu-%u", i);
        section->id = host->ids[i];
        section->version = VCPU_STATE_VERSION;
        section->size = (int64_t)vcpu_state_max(&vm->vcpus[i]);
        section->save_time_us = 140; /* what a vCPU takes at most, as measured: the forecast of the blackout counts it in */
        section->load_time_us = 300;
        if ((size_t)section->size > largest)
            largest = (size_t)section->size;
    }
    host->state = malloc(largest);
    if (host->state == NULL)
        die(EXIT_RESOURCES, "no memory for the device state");

    struct dp_host calls;
    dp_host_init(&calls, sizeof calls);
    calls.section_count = vm->vcpu_count + 1;
    calls.sections = host->sections;
    calls.opaque = host;
    calls.pause = pause_guest;
    calls.resume = resume_guest;
    calls.save = save_section;
    calls.load = load_section;
    /*
     * release, acquire and announce stay NULL: this VM has no disk that only one side may hold, and no network that has to be told
     * where it went. throttle too: this guest has a dirty rate of its own.
     */
    return calls;
}

void host_destroy(struct host *host)
{
    free(host->state);
}
