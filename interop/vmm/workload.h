/* What the guest does, and whether its memory is whole. */
#ifndef VMM_WORKLOAD_H
#define VMM_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

struct workload {
    uint64_t bytes_per_second; /* page writes per second times 4096, over all vCPUs; 0: none */
    uint64_t working_set;      /* bytes of the hot set, over all vCPUs */
    enum pattern pattern;
};

/* A vCPU's orders and counters in guest memory. */
struct writer *writer_of(const struct memory *memory, unsigned vcpu);

/* Divides the work among the vCPUs and writes their orders. */
void workload_write(const struct memory *memory, unsigned vcpus, const struct workload *work);

/* Page writes done so far, here and wherever the guest ran before. May be read while it runs. */
uint64_t workload_count(const struct memory *memory, unsigned vcpus);

/*
 * Of a stopped guest: the first words of a vCPU's pages sum to its writes that changed anything, or to one more, the write it was stopped
 * in. One lost or stale page breaks that.
 */
struct invariant {
    bool holds;
    uint64_t page_counters;
    uint64_t writes;
};

struct invariant workload_check(const struct memory *memory, unsigned vcpus);

#endif
