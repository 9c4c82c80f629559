#include "vcpu_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "schedule.h"

enum { HEADER = 8 };

/* What a guest without an operating system may have set: EFER, STAR, LSTAR, SFMASK, FS base, GS base, kernel GS base, PAT. */
static const uint32_t msr_indices[] = {
    0xC0000080, 0xC0000081, 0xC0000082, 0xC0000084, 0xC0000100, 0xC0000101, 0xC0000102, 0x277,
};

enum { MSRS = sizeof msr_indices / sizeof msr_indices[0] };

struct msr_list {
    struct kvm_msrs head;
    struct kvm_msr_entry entries[MSRS];
};

enum tag { CPUID = 1, SREGS, REGS, XCRS, XSAVE, MSR_LIST, DEBUG_REGS, EVENTS, MP_STATE, TAGS };

/*
 * In the order in which they must be set: the CPU's features first, system registers before what depends on paging, extended
 * state after the mask that says what of it is on, pending events last. A size of 0 stands for one that varies.
 */
static const struct part {
    const char *name;
    unsigned long get, set;
    uint32_t size;
} parts[TAGS] = {
    [CPUID] = { "CPU features", 0, KVM_SET_CPUID2, 0 },
    [SREGS] = { "system registers", KVM_GET_SREGS, KVM_SET_SREGS, sizeof(struct kvm_sregs) },
    [REGS] = { "registers", KVM_GET_REGS, KVM_SET_REGS, sizeof(struct kvm_regs) },
    [XCRS] = { "extended control registers", KVM_GET_XCRS, KVM_SET_XCRS, sizeof(struct kvm_xcrs) },
    [XSAVE] = { "extended state", KVM_GET_XSAVE2, KVM_SET_XSAVE, 0 },
    [MSR_LIST] = { "model specific registers", KVM_GET_MSRS, KVM_SET_MSRS, sizeof(struct msr_list) },
    [DEBUG_REGS] = { "debug registers", KVM_GET_DEBUGREGS, KVM_SET_DEBUGREGS, sizeof(struct kvm_debugregs) },
    [EVENTS] = { "pending events", KVM_GET_VCPU_EVENTS, KVM_SET_VCPU_EVENTS, sizeof(struct kvm_vcpu_events) },
    [MP_STATE] = { "run state", KVM_GET_MP_STATE, KVM_SET_MP_STATE, sizeof(struct kvm_mp_state) },
};

static uint32_t cpuid_size(uint32_t entries)
{
    return (uint32_t)(sizeof(struct kvm_cpuid2) + entries * sizeof(struct kvm_cpuid_entry2));
}

size_t vcpu_state_max(const struct vcpu *vcpu)
{
    size_t size = SCHEDULE_SIZE + cpuid_size(MAX_CPUID_ENTRIES) + vcpu->xsave_size;
    for (int tag = CPUID; tag < TAGS; tag++)
        size += HEADER + parts[tag].size;
    return size;
}

/* How long this vCPU's part is when it is saved. */
static uint32_t size_to_save(const struct vcpu *vcpu, int tag)
{
    return tag == CPUID ? cpuid_size(vcpu->cpuid->nent) : tag == XSAVE ? (uint32_t)vcpu->xsave_size : parts[tag].size;
}

static bool get(struct vcpu *vcpu, int tag, uint8_t *bytes, uint32_t size)
{
    if (tag == CPUID) {
        memcpy(bytes, vcpu->cpuid, size);
        return true;
    }
    memset(bytes, 0, size);
    unsigned long call = parts[tag].get;
    if (tag == XSAVE && size == sizeof(struct kvm_xsave))
        call = KVM_GET_XSAVE; /* older kernels have only this one */
    if (tag != MSR_LIST)
        return ioctl(vcpu->fd, call, bytes) >= 0;
    struct msr_list list = { .head.nmsrs = MSRS };
    for (int i = 0; i < MSRS; i++)
        list.entries[i].index = msr_indices[i];
    int done = ioctl(vcpu->fd, call, &list);
    memcpy(bytes, &list, sizeof list);
    return done == MSRS;
}

size_t vcpu_state_save(struct vcpu *vcpu, uint8_t *bytes, char *fault, size_t fault_size)
{
    schedule_save(&vcpu->pace, vcpu->writer, bytes);
    uint8_t *at = bytes + SCHEDULE_SIZE;
    for (int tag = CPUID; tag < TAGS; tag++) {
        uint32_t header[2] = { (uint32_t)tag, size_to_save(vcpu, tag) };
        memcpy(at, header, HEADER);
        at += HEADER;
        if (!get(vcpu, tag, at, header[1])) {
            snprintf(fault, fault_size, "vCPU %u: reading the %s: %s", vcpu->index, parts[tag].name, strerror(errno));
            return 0;
        }
        at += header[1];
    }
    return (size_t)(at - bytes);
}

/* The kernel reads as much as its structure is long, so that much must be there. */
static bool size_fits(const struct vcpu *vcpu, int tag, const uint8_t *bytes, uint32_t size)
{
    uint32_t count = 0;
    if (tag == CPUID || tag == MSR_LIST) {
        if (size < sizeof count)
            return false;
        memcpy(&count, bytes, sizeof count);
    }
    switch (tag) {
    case CPUID: return count <= MAX_CPUID_ENTRIES && size == cpuid_size(count);
    case XSAVE: return size == vcpu->xsave_size;
    case MSR_LIST: return count == MSRS && size == sizeof(struct msr_list);
    default: return size == parts[tag].size;
    }
}

static bool set(struct vcpu *vcpu, int tag, const uint8_t *bytes, uint32_t size)
{
    if (tag == CPUID) {
        if (vcpu->cpuid_is_set && size == cpuid_size(vcpu->cpuid->nent) && memcmp(vcpu->cpuid, bytes, size) == 0)
            return true;
        memcpy(vcpu->cpuid, bytes, size);
        vcpu->cpuid_is_set = true;
        return ioctl(vcpu->fd, KVM_SET_CPUID2, vcpu->cpuid) == 0;
    }
    int result = ioctl(vcpu->fd, parts[tag].set, bytes);
    return tag == MSR_LIST ? result == MSRS : result >= 0;
}

bool vcpu_state_load(struct vcpu *vcpu, const uint8_t *bytes, size_t size, char *fault, size_t fault_size)
{
    const char *refusal = schedule_load(&vcpu->pace, bytes, size);
    if (refusal != NULL) {
        snprintf(fault, fault_size, "vCPU %u: %s", vcpu->index, refusal);
        return false;
    }
    const uint8_t *at = bytes + SCHEDULE_SIZE, *end = bytes + size;
    for (int tag = CPUID; tag < TAGS; tag++) {
        uint32_t header[2] = { 0, 0 };
        if (end - at >= HEADER)
            memcpy(header, at, HEADER);
        if (header[0] != (uint32_t)tag || header[1] > (size_t)(end - at) - HEADER || !size_fits(vcpu, tag, at + HEADER, header[1])) {
            snprintf(fault, fault_size, "vCPU %u: its state does not hold the %s where they belong", vcpu->index, parts[tag].name);
            return false;
        }
        if (!set(vcpu, tag, at + HEADER, header[1])) {
            snprintf(fault, fault_size, "vCPU %u: setting the %s: %s", vcpu->index, parts[tag].name, strerror(errno));
            return false;
        }
        at += HEADER + header[1];
    }
    if (at != end)
        snprintf(fault, fault_size, "vCPU %u: its state has %td bytes too many", vcpu->index, end - at);
    return at == end;
}
