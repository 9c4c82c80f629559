/*
 * The test guest: one endless loop that writes pages, run by every vCPU in 64-bit user mode (CPL 3). No operating system, no
 * interrupts, no stack to speak of. GuestImage.cs holds what this file compiles to; GuestImageTests rebuilds and compares:
 *
 *   gcc -O2 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
 *       -mgeneral-regs-only -mno-red-zone -fno-jump-tables -nostdlib -static -Wl,-T,guest.ld,--oformat=binary,--build-id=none -o guest.bin guest.c
 *
 * Which pages are written, and what, is the same as in PageChoice.cs and PageWrite.cs, which do it for the synthetic guest; a test runs both and compares every
 * byte. It includes this file with AT and LEAVE of its own.
 */
typedef unsigned long u64;
typedef unsigned int u32;

enum pattern { UNIFORM, SEQUENTIAL, HOT_COLD, ZIPF, BURST, REPLAY };
enum write { WORD, PAGE, SAME };

/* WriterBlock.cs, field by field. */
struct writer {
    u64 magic;
    u64 first_page;
    u64 pages;
    u64 pattern;
    u64 hot_pages;
    u64 hot_share; /* of 1024 */
    u64 scatter;
    u64 quantiles; /* guest address */
    u64 batch;
    u64 random;
    u64 position;
    u64 count;
    u64 same; /* of count, those that left the page as it was */
    u64 hot_start; /* pages times 2^32 */
    u64 drift; /* of hot_start per write */
    u64 write;
    u64 compressible;
    u64 list; /* guest address of this batch's pages, the last to be written first */
};

#ifndef AT
#define AT(address) (address)
#define LEAVE() __asm__ volatile("outb %%al, $0xf4" ::: "memory")
#endif

#define HOLE_START 0xC0000000ul
#define HOLE_END 0x100000000ul

static u64 scale(u64 random, u64 range)
{
    return (u64)(((unsigned __int128)random * range) >> 64);
}

static u64 zipf(const struct writer *w, u64 random)
{
    const u32 *quantile = (const u32 *)w->quantiles + (random >> 52);
    u64 width = (u64)quantile[1] - quantile[0] + 1;
    u64 rank = quantile[0] + (((random & 0xffffffff) * width) >> 32);
    return rank * w->scatter % w->pages;
}

static u64 hot(struct writer *w, u64 random)
{
    u64 page = (w->hot_start >> 32) + scale(random, w->hot_pages);
    u64 start = w->hot_start + w->drift;
    w->hot_start = start >= w->pages << 32 ? start - (w->pages << 32) : start;
    return page >= w->pages ? page - w->pages : page;
}

static u64 choose(struct writer *w, u64 random, u64 *position, u64 left)
{
    switch (w->pattern) {
    case SEQUENTIAL: {
        u64 page = *position;
        *position = page + 1 == w->pages ? 0 : page + 1;
        return page;
    }
    case HOT_COLD:
    case BURST:
        return (random & 1023) < w->hot_share ? hot(w, random) : scale(random, w->pages);
    case ZIPF:
        return zipf(w, random);
    case REPLAY:
        return ((const u32 *)w->list)[left - 1];
    default:
        return scale(random, w->pages);
    }
}

static u64 next(u64 random)
{
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random;
}

/* The multiplication leads away from the states that the next writes begin with: pages would else hold each other's words, shifted by one. */
static void fill(volatile u64 *page, u64 random, u64 compressible)
{
    random *= 0x9E3779B97F4A7C15;
    for (u64 word = 1; word < 512; word++) {
        random = next(random);
        page[word] = compressible && (word & 4) ? 0 : random;
    }
}

/* The counters are volatile so that a stop between any two instructions finds them at most one write apart. */
__attribute__((section(".text.start"), noreturn)) void start(struct writer *w)
{
    volatile u64 *count = &w->count;
    volatile u64 *same = &w->same;
    volatile u64 *batch = &w->batch;
    u64 random = w->random;
    u64 position = w->position;
    for (;;) {
        for (u64 left = *batch; left; left--) {
            random = next(random);
            u64 address = (w->first_page + choose(w, random, &position, left)) << 12;
            if (address >= HOLE_START)
                address += HOLE_END - HOLE_START;
            volatile u64 *page = (volatile u64 *)AT(address);
            volatile u64 *word = &page[1 + ((random >> 32) & 255)];
            if (w->write == SAME) {
                *word = *word;
                *same = *same + 1;
            } else {
                if (w->write == PAGE)
                    fill(page, random, w->compressible);
                else
                    *word = w->compressible ? random & 255 : random;
                page[0] = page[0] + 1;
            }
            *count = *count + 1;
        }
        LEAVE();
    }
}
