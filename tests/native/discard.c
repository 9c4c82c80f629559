/*
 * A guest of which a half is in a balloon: those pages cannot be read on the source (PROT_NONE), so whoever tries ends the process, and the destination
 * keeps what it has there. Some are populated before the guest stands still, and arrive. Every other page is compared by the library and here.
 */
#include "support.h"

#include <stdatomic.h>

#define PAGES ((size_t)2048 + 100)
#define LENGTH (PAGES * 4096)
#define POPULATED 10
#define BALLOON_FIRST 600
#define BALLOON_PAGES 1000

static unsigned char *from;
static dp_memory *source_memory;
static _Atomic uint64_t map[(PAGES + 63) / 64];

static int discarded(size_t page)
{
    return (int)(atomic_load(&map[page / 64]) >> page % 64 & 1);
}

/* The guest still runs when this is called: it takes some pages back from the balloon. */
static int32_t deflate_and_pause(void *opaque, dp_step *step)
{
    (void)step;
    CHECK(mprotect(from + BALLOON_FIRST * 4096, POPULATED * 4096, PROT_READ | PROT_WRITE) == 0);
    for (size_t page = BALLOON_FIRST; page < BALLOON_FIRST + POPULATED; page++) atomic_fetch_and(&map[page / 64], ~(UINT64_C(1) << page % 64));
    MUST(dp_mark_dirty(source_memory, BALLOON_FIRST * 4096, POPULATED * 4096));
    memset(from + BALLOON_FIRST * 4096, 0x77, POPULATED * 4096);
    MUST(dp_mark_dirty(source_memory, BALLOON_FIRST * 4096, POPULATED * 4096));
    *(int *)opaque = 0;
    return 0;
}

int main(void)
{
    struct sides sides;
    dp_source_options wants;
    dp_block block;
    int runs_here = 1, runs_there = 0;
    dp_host here = idle_host(&runs_here), there = idle_host(&runs_there);
    here.pause = deflate_and_pause;

    MUST(dp_init(DP_ABI_VERSION));
    from = map_memory(LENGTH);
    unsigned char *to = map_memory(LENGTH);
    fill(from, LENGTH, 9);
    memset(to, 0xDB, LENGTH);
    CHECK(mprotect(from + BALLOON_FIRST * 4096, BALLOON_PAGES * 4096, PROT_NONE) == 0);
    for (size_t page = BALLOON_FIRST; page < BALLOON_FIRST + BALLOON_PAGES; page++) atomic_fetch_or(&map[page / 64], UINT64_C(1) << page % 64);

    MUST(dp_block_init(&block, sizeof block));
    block.name = "ram", block.host_address = from, block.length = LENGTH, block.discarded = (uint64_t *)(void *)map;
    MUST(dp_memory_create(&source_memory));
    MUST(dp_memory_add_block(source_memory, &block));
    sides.from = source_memory, sides.to = memory_of(to, LENGTH);
    MUST(dp_source_options_init(&wants, sizeof wants));
    wants.verify = DP_VERIFY_FULL;
    make_sides(&sides, &here, &wants, &there, NULL);
    MUST(dp_destination_start(sides.destination, sides.listener));
    MUST(dp_source_start(sides.source, sides.address));
    MUST(dp_wait(sides.source, 60000000));
    MUST(dp_wait(sides.destination, 60000000));

    size_t left = 0;
    for (size_t page = 0; page < PAGES; page++) {
        if (discarded(page)) {
            left++;
            for (size_t byte = 0; byte < 4096; byte++) CHECK(to[page * 4096 + byte] == 0xDB);
        } else {
            CHECK(memcmp(from + page * 4096, to + page * 4096, 4096) == 0);
        }
    }
    CHECK(left == BALLOON_PAGES - POPULATED && to[BALLOON_FIRST * 4096] == 0x77 && runs_there && !runs_here);
    dp_result result = { .struct_size = sizeof result };
    MUST(dp_get_result(sides.source, &result));
    CHECK(result.discarded_pages == BALLOON_PAGES && result.verified_pages == (int64_t)(PAGES - left) && result.mismatched_pages == 0);
    /* A program that was compiled before the struct grew. */
    dp_result older = { .struct_size = offsetof(dp_result, discarded_pages), .discarded_pages = 42 };
    MUST(dp_get_result(sides.source, &older));
    CHECK(older.verified_pages == result.verified_pages && older.discarded_pages == 42);
    destroy_sides(&sides);
    puts("ok");
    return 0;
}
