/*
 * Where things lie in the guest's memory. These are the measures of src/DataPlane.Guests (Memory/GuestLayout.cs and
 * Writing/WriterBlock.cs): a guest that is sent from one program runs on in the other because both agree on them.
 */
#ifndef VMM_LAYOUT_H
#define VMM_LAYOUT_H

#include <stdint.h>

#define PAGE_SIZE 4096ull
#define HUGE_PAGE (2ull << 20)
#define GIB (1ull << 30)

/* As on a PC, RAM leaves out the last GiB below 4 GiB, and what does not fit below goes on above. */
#define HOLE_START (3 * GIB)
#define HOLE_END (4 * GIB)

/* The guest's first 2 MiB are its own: */
#define WRITERS 0x10000ull     /* one page per vCPU: its struct writer */
#define STACKS 0x50000ull      /* one page per vCPU */
#define CODE 0x90000ull        /* where guest.ld links guest.c to */
#define QUANTILES 0xA0000ull   /* a table for a pattern that only arrives from the other program */
#define PAGE_TABLES 0xB0000ull /* one page each of the two upper levels, then one per GiB of guest addresses */
#define SYSTEM_BYTES HUGE_PAGE

/* All else is data, in equal shares for the vCPUs. */
#define MIN_MEMORY (2 * SYSTEM_BYTES)
#define MAX_MEMORY (256 * GIB) /* what the page tables have room for, rounded down */
#define MAX_VCPUS 64u          /* pages between WRITERS and STACKS, and between STACKS and CODE */

enum pattern { UNIFORM, SEQUENTIAL, HOT_COLD, ZIPF, BURST };

#define WRITER_MAGIC 0x3252455449525744ull /* "DWRITER2" */

/* One vCPU's orders and counters, in guest memory: what a guest does travels with it. */
struct writer {
    uint64_t magic;
    uint64_t first_page; /* counted in RAM, without the hole */
    uint64_t pages;      /* that this vCPU writes, and no other */
    uint64_t pattern;
    uint64_t hot_pages;
    uint64_t hot_share; /* writes of 1024 that go to the hot pages */
    uint64_t scatter;   /* spreads the ranks of a zipf pattern */
    uint64_t quantiles;
    uint64_t batch; /* writes between two exits; 0: no writes */
    uint64_t random;
    uint64_t position;
    uint64_t count; /* writes done */
    uint64_t same;  /* of those, the ones that left their page as it was */
    uint64_t hot_start, drift; /* where the hot pages begin, and by how much a write moves that: pages times 2^32 */
    uint64_t write, content;   /* how much of a page, and what with; 0: its first word */
    uint64_t list;             /* of pages that a trace names; the other program's */

    /* Read by the VMM only: */
    uint64_t bytes_per_second;
    uint64_t burst_period_ns; /* a burst and the silence after it; 0: steady */
};

#endif
