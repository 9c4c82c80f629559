/*
 * The test guest: one endless loop that writes pages, run by every vCPU in 64-bit user mode (CPL 3). No operating system, no
 * interrupts, no stack to speak of. GuestImage.cs holds what this file compiles to; GuestImageTests rebuilds and compares:
 *
 *   gcc -O2 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
 *       -mgeneral-regs-only -mno-red-zone -fno-jump-tables -nostdlib -static -Wl,-T,guest.ld,--oformat=binary,--build-id=none -o guest.bin guest.c
 *
 * The choice of pages is the same as in WriterBlock.cs, which does it for the synthetic guest; a test compares page by page.
 */
typedef unsigned long u64;
typedef unsigned int u32;

enum pattern { UNIFORM, SEQUENTIAL, HOT_COLD, ZIPF, BURST };

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
};

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

static u64 choose(const struct writer *w, u64 random, u64 *position)
{
    switch (w->pattern) {
    case SEQUENTIAL: {
        u64 page = *position;
        *position = page + 1 == w->pages ? 0 : page + 1;
        return page;
    }
    case HOT_COLD:
    case BURST:
        return scale(random, (random & 1023) < w->hot_share ? w->hot_pages : w->pages);
    case ZIPF:
        return zipf(w, random);
    default:
        return scale(random, w->pages);
    }
}

/* The counters are volatile so that a stop between any two instructions finds them at most one write apart. */
__attribute__((section(".text.start"), noreturn)) void start(struct writer *w)
{
    volatile u64 *count = &w->count;
    volatile u64 *batch = &w->batch;
    u64 random = w->random;
    u64 position = w->position;
    for (;;) {
        for (u64 left = *batch; left; left--) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            u64 address = (w->first_page + choose(w, random, &position)) << 12;
            if (address >= HOLE_START)
                address += HOLE_END - HOLE_START;
            volatile u64 *page = (volatile u64 *)address;
            page[1 + ((random >> 32) & 255)] = random;
            page[0] = page[0] + 1;
            *count = *count + 1;
        }
        __asm__ volatile("outb %%al, $0xf4" ::: "memory");
    }
}
