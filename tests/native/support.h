/* What the C programs of the tests share: memory that can be compared, a VMM that does nothing, and an end with a sentence. */
#ifndef SUPPORT_H
#define SUPPORT_H

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "dataplane.h"

/* Ends the program where a call does not return what it should, with the sentence of the library. */
#define EXPECT(code, call) expect((code), (call), #call, __FILE__, __LINE__)
#define MUST(call) EXPECT(DP_OK, call)
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

static inline void expect(int32_t wanted, int32_t got, const char *what, const char *file, int line)
{
    if (wanted == got)
        return;
    char text[2048] = "";
    dp_last_error(NULL, text, sizeof text, NULL);
    fprintf(stderr, "%s:%d: %s is %d (%s), not %d: %s\n", file, line, what, (int)got, dp_strerror(got), (int)wanted, text);
    exit(1);
}

static inline void check(int holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    exit(1);
}

static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline unsigned char *map_memory(size_t length)
{
    void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    return at;
}

/* xorshift64: every page differs from every other. */
static inline void fill(unsigned char *memory, size_t length, uint64_t seed)
{
    uint64_t *words = (uint64_t *)(void *)memory;
    for (size_t i = 0; i < length / sizeof *words; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        words[i] = seed;
    }
}

/* One block of RAM at guest address 0. */
static inline dp_memory *memory_of(void *at, uint64_t length)
{
    dp_memory *memory;
    dp_block block;
    MUST(dp_memory_create(&memory));
    MUST(dp_block_init(&block, sizeof block));
    block.name = "ram";
    block.host_address = at;
    block.length = length;
    MUST(dp_memory_add_block(memory, &block));
    return memory;
}

/* A VMM whose guest stands still all the time. opaque: an int that says whether it "runs", or NULL. */
static inline int32_t idle_pause(void *opaque, dp_step *step)
{
    (void)step;
    if (opaque != NULL) *(volatile int *)opaque = 0;
    return 0;
}

static inline int32_t idle_resume(void *opaque, dp_step *step)
{
    (void)step;
    if (opaque != NULL) *(volatile int *)opaque = 1;
    return 0;
}

static inline dp_host idle_host(int *runs)
{
    dp_host host;
    MUST(dp_host_init(&host, sizeof host));
    host.opaque = runs;
    host.pause = idle_pause;
    host.resume = idle_resume;
    return host;
}

/* Both sides of one migration in this process. */
struct sides {
    dp_memory *from, *to; /* set before they are made */
    dp_listener *listener;
    dp_migration *source, *destination;
    char address[128]; /* where the destination listens */
};

static inline void make_sides(struct sides *sides, const dp_host *here, const dp_source_options *wants, const dp_host *there, const dp_destination_options *takes)
{
    MUST(dp_listener_create("tcp:127.0.0.1:0", &sides->listener));
    MUST(dp_listener_address(sides->listener, sides->address, sizeof sides->address, NULL));
    MUST(dp_destination_create(sides->to, there, takes, &sides->destination));
    MUST(dp_source_create(sides->from, NULL, 0, here, wants, &sides->source));
}

static inline void destroy_sides(struct sides *sides)
{
    MUST(dp_migration_destroy(sides->source));
    MUST(dp_migration_destroy(sides->destination));
    MUST(dp_listener_destroy(sides->listener));
    MUST(dp_memory_destroy(sides->from));
    MUST(dp_memory_destroy(sides->to));
}

#endif
