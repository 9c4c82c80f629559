/*
 * A vCPU and its thread. The thread runs the guest when told to and is parked when not; stopping and starting have two halves, so
 * that all vCPUs of a VM stop and start together.
 */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pace.h"

/* The signal that throws a vCPU out of the guest. Not SIGRTMIN: that one belongs to the .NET runtime inside the library. */
#define KICK_SIGNAL SIGUSR1

enum order { PARK, RUN, END };

struct vcpu {
    unsigned index;
    int fd;
    struct kvm_run *run; /* shared with the kernel */
    size_t run_size;
    size_t xsave_size;
    struct kvm_cpuid2 *cpuid; /* what CPU the guest sees, with room for MAX_CPUID_ENTRIES */
    bool cpuid_is_set;        /* KVM takes none once the vCPU has run, and needs none if it is the same */
    const struct writer *writer; /* in guest memory */
    struct pace pace;
    pthread_t thread;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under the lock: */
    enum order order;
    bool parked;
    int64_t entered_at; /* CLOCK_MONOTONIC: just before the guest's first instruction since it was started, */
    int64_t left_at;    /* and just after its last one before it was stopped */
    char fault[128];    /* what ended its work; empty: nothing */
};

enum { MAX_CPUID_ENTRIES = 256 }; /* the kernel's own limit */

/* Makes the vCPU of `vm_fd` and its thread, which is parked. `cpuid` is copied. */
void vcpu_create(struct vcpu *vcpu, int kvm_fd, int vm_fd, unsigned index, const struct writer *writer, const struct kvm_cpuid2 *cpuid);

/* Ends the thread, then the vCPU. */
void vcpu_destroy(struct vcpu *vcpu);

void vcpu_request_run(struct vcpu *vcpu);

/* Returns when the thread is about to enter the guest. */
void vcpu_await_run(struct vcpu *vcpu);

void vcpu_request_park(struct vcpu *vcpu);

/* Returns when the vCPU stands between two instructions of the guest. False: its work ended by a fault, see `fault`. */
bool vcpu_await_park(struct vcpu *vcpu);

#endif
