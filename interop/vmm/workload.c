#include "workload.h"

#include <string.h>

/* Looks at the clock per second: an exit costs up to 30 us on some hosts, so these are 1.5 % of a core. */
#define BATCHES_PER_SECOND 500
#define MAX_BATCH 4096 /* 16 MiB of pages */
#define HOT_SHARE 922  /* nine of ten */

struct writer *writer_of(const struct memory *memory, unsigned vcpu)
{
    return (struct writer *)(memory->host + WRITERS + vcpu * PAGE_SIZE);
}

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void workload_write(const struct memory *memory, unsigned vcpus, const struct workload *work)
{
    uint64_t pages = (memory->size - SYSTEM_BYTES) / PAGE_SIZE / vcpus;
    uint64_t rate = work->bytes_per_second / vcpus;
    for (unsigned i = 0; i < vcpus; i++) {
        *writer_of(memory, i) = (struct writer){
            .magic = WRITER_MAGIC,
            .first_page = SYSTEM_BYTES / PAGE_SIZE + i * pages,
            .pages = pages,
            .pattern = work->pattern,
            .hot_pages = clamp(work->working_set / PAGE_SIZE / vcpus, 1, pages),
            .hot_share = HOT_SHARE,
            .batch = rate == 0 ? 0 : clamp(rate / PAGE_SIZE / BATCHES_PER_SECOND, 1, MAX_BATCH),
            .random = 0x9E3779B97F4A7C15ull * (i + 1), /* odd times not zero: never the 0 at which the generator stands still */
            .bytes_per_second = rate,
        };
    }
}

uint64_t workload_count(const struct memory *memory, unsigned vcpus)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < vcpus; i++)
        count += __atomic_load_n(&writer_of(memory, i)->count, __ATOMIC_RELAXED);
    return count;
}

/* Of the first words of so many pages. */
static uint64_t sum_counters(const struct memory *memory, uint64_t first_page, uint64_t pages)
{
    uint64_t sum = 0, to, end = (first_page + pages) * PAGE_SIZE;
    for (uint64_t at = first_page * PAGE_SIZE; memory_next_data(memory, &at, &to, end); at = to)
        for (uint64_t page = at; page < to; page += PAGE_SIZE)
            sum += *(const uint64_t *)(memory->host + page);
    return sum;
}

struct invariant workload_check(const struct memory *memory, unsigned vcpus)
{
    struct invariant result = { .holds = true };
    uint64_t all = memory->size / PAGE_SIZE;
    for (unsigned i = 0; i < vcpus; i++) {
        const struct writer *writer = writer_of(memory, i);
        /* The orders may have come from elsewhere: they are not followed out of the memory. */
        bool sound = writer->magic == WRITER_MAGIC && writer->first_page <= all && writer->pages <= all - writer->first_page;
        uint64_t sum = sound ? sum_counters(memory, writer->first_page, writer->pages) : 0;
        uint64_t counted = writer->count - writer->same, ahead = sum - counted;
        result.holds &= sound && ahead <= 1;
        result.page_counters += sum;
        result.writes += counted;
    }
    return result;
}
