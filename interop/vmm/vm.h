/* The VM: guest memory in KVM's slots, vCPUs, and stopping and starting all of them. */
#ifndef VMM_VM_H
#define VMM_VM_H

#include "memory.h"
#include "vcpu.h"

struct vm {
    struct memory memory;
    int kvm_fd;
    int fd; /* the library reads the dirty log through this one */
    unsigned vcpu_count;
    struct vcpu vcpus[MAX_VCPUS];
    bool running;
};

/* A VM without a guest: memory of zeros, vCPUs as after a reset. Block i is KVM's slot i. */
void vm_create(struct vm *vm, uint64_t memory_size, unsigned vcpus);

void vm_destroy(struct vm *vm);

/* Lets the guest run. Returns when each vCPU's thread is about to enter it. */
void vm_resume(struct vm *vm);

/* Stops the guest. When it returns no vCPU writes memory. False: a vCPU has failed, see vm_fault. */
bool vm_pause(struct vm *vm);

/* What a vCPU failed by, or NULL. Of a stopped guest. */
const char *vm_fault(const struct vm *vm);

/* When the last vCPU left the guest, and when the first entered it: CLOCK_MONOTONIC, of the last pause and resume. */
int64_t vm_stopped_at(struct vm *vm);
int64_t vm_resumed_at(struct vm *vm);

#endif
