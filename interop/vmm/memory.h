/* The guest's RAM: one memory file, mapped once, cut into the blocks on both sides of the hole. */
#ifndef VMM_MEMORY_H
#define VMM_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

struct memory {
    uint8_t *host; /* where all of it is mapped */
    uint64_t size;
    int fd;
};

/* What KVM gets as a slot and the library as a RAM block. The names are part of the agreement between the two sides. */
struct block {
    const char *name;
    uint64_t guest_address;
    uint64_t offset; /* in the memory file */
    uint64_t size;
};

enum { MAX_BLOCKS = 2 };

void memory_create(struct memory *memory, uint64_t size);

void memory_destroy(struct memory *memory);

/* How many blocks there are: 1, or 2 above 3 GiB. */
unsigned memory_blocks(const struct memory *memory, struct block blocks[MAX_BLOCKS]);

/* Fills the data pages with noise. The first word of each stays 0: it counts the page's writes. */
void memory_fill_random(struct memory *memory);

/* Fills a destination with a pattern that no guest has: a page that does not arrive is seen. */
void memory_poison(struct memory *memory);

/*
 * Finds the next stretch of whole pages that hold anything, from `*from` on and before `end`. False: there is none. Holes of the memory
 * file read as zeros, but reading one through the mapping would fill it.
 */
bool memory_next_data(const struct memory *memory, uint64_t *from, uint64_t *to, uint64_t end);

#endif
