#include "memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fail.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1 */
#endif

void memory_create(struct memory *memory, uint64_t size)
{
    memory->size = size;
    memory->fd = memfd_create("guest-ram", MFD_CLOEXEC);
    if (memory->fd < 0)
        die(EXIT_RESOURCES, "memfd_create: %s", strerror(errno));
    if (ftruncate(memory->fd, (off_t)size) != 0)
        die(EXIT_RESOURCES, "a memory file of %llu MiB: %s", (unsigned long long)size >> 20, strerror(errno));

    /*
     * The kernel can use huge pages only where the address lies on a 2 MiB border, so a place that is one border longer is
     * reserved first. What sticks out stays reserved: addresses cost nothing.
     */
    uint8_t *place = mmap(NULL, size + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        die(EXIT_RESOURCES, "addresses for %llu MiB: %s", (unsigned long long)size >> 20, strerror(errno));
    uint8_t *border = (uint8_t *)(((uintptr_t)place + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
    memory->host = mmap(border, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory->fd, 0);
    if (memory->host == MAP_FAILED)
        die(EXIT_RESOURCES, "mapping %llu MiB of guest memory: %s", (unsigned long long)size >> 20, strerror(errno));
}

void memory_destroy(struct memory *memory)
{
    munmap(memory->host, memory->size);
    close(memory->fd);
}

unsigned memory_blocks(const struct memory *memory, struct block blocks[MAX_BLOCKS])
{
    uint64_t low = memory->size < HOLE_START ? memory->size : HOLE_START;
    blocks[0] = (struct block){ "ram-low", 0, 0, low };
    if (memory->size == low)
        return 1;
    blocks[1] = (struct block){ "ram-high", HOLE_END, low, memory->size - low };
    return 2;
}

/*
 * Brings the memory that is about to be written: a first touch page by page costs more than the writing. One page of each
 * 2 MiB is brought first, as the kernel collapses only what has a page table; where it will not, the pages stay small.
 */
static void populate(struct memory *memory)
{
    for (uint64_t at = 0; at < memory->size; at += HUGE_PAGE) {
        uint64_t length = memory->size - at < HUGE_PAGE ? memory->size - at : HUGE_PAGE;
        int result = madvise(memory->host + at, PAGE_SIZE, MADV_POPULATE_WRITE);
        if (result == 0 && length == HUGE_PAGE)
            (void)madvise(memory->host + at, length, MADV_COLLAPSE);
        if (result == 0)
            result = madvise(memory->host + at, length, MADV_POPULATE_WRITE);
        if (result != 0 && errno != EINVAL) /* EINVAL: an old kernel; the writes will bring the pages */
            die(EXIT_RESOURCES, "populating guest memory: %s; give the guest less", strerror(errno));
    }
}

void memory_fill_random(struct memory *memory)
{
    populate(memory);
    uint64_t random = 0x9E3779B97F4A7C15ull;
    for (uint64_t page = SYSTEM_BYTES; page < memory->size; page += PAGE_SIZE) {
        uint64_t *words = (uint64_t *)(memory->host + page);
        words[0] = 0;
        for (unsigned i = 1; i < PAGE_SIZE / sizeof *words; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            words[i] = random;
        }
    }
}

void memory_poison(struct memory *memory)
{
    populate(memory);
    memset(memory->host, 0xDB, memory->size);
}

bool memory_next_data(const struct memory *memory, uint64_t *from, uint64_t *to, uint64_t end)
{
    off_t data = *from < end ? lseek(memory->fd, (off_t)*from, SEEK_DATA) : -1;
    if (data < 0 || (uint64_t)data >= end)
        return false;
    off_t hole = lseek(memory->fd, data, SEEK_HOLE);
    *from = (uint64_t)data & ~(PAGE_SIZE - 1);
    *to = hole < 0 || (uint64_t)hole > end ? end : (uint64_t)hole;
    return true;
}
