#include "boot.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fail.h"

/* Bits of page table entries: present, writable, user, accessed; a 2 MiB page also has size and dirty. */
#define TABLE 0x27ull
#define LARGE_PAGE 0xE7ull
#define ENTRIES 512

extern const uint8_t guest_image[], guest_image_end[]; /* guest_image.S */

/*
 * Each guest address is mapped to itself in 2 MiB pages. The accessed and dirty bits are set from the start, so that the CPU never
 * writes to the tables.
 */
static void write_page_tables(uint8_t *host, uint64_t guest_end)
{
    uint64_t *top = (uint64_t *)(host + PAGE_TABLES), *middle = top + ENTRIES, *low = middle + ENTRIES;
    uint64_t low_address = PAGE_TABLES + 2 * PAGE_SIZE;
    top[0] = (PAGE_TABLES + PAGE_SIZE) | TABLE;
    for (uint64_t gib = 0; gib * GIB < guest_end; gib++) {
        middle[gib] = (low_address + gib * PAGE_SIZE) | TABLE;
        for (uint64_t i = 0; i < ENTRIES; i++)
            low[gib * ENTRIES + i] = (gib * GIB + i * HUGE_PAGE) | LARGE_PAGE;
    }
}

void boot_write_system(const struct memory *memory)
{
    struct block blocks[MAX_BLOCKS];
    const struct block *last = &blocks[memory_blocks(memory, blocks) - 1];
    memset(memory->host, 0, SYSTEM_BYTES);
    write_page_tables(memory->host, last->guest_address + last->size);
    memcpy(memory->host + CODE, guest_image, (size_t)(guest_image_end - guest_image));
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, uint8_t long_mode)
{
    return (struct kvm_segment){
        .limit = 0xFFFFFFFF, .selector = selector, .type = type, .present = 1, .dpl = 3, .s = 1, .g = 1,
        .l = long_mode, .db = !long_mode,
    };
}

/*
 * Straight into 64-bit user mode: there are hosts where KVM runs nothing else at native speed, and on all others it is plain legal
 * code too. The I/O privilege level allows the port write by which the guest ends a batch.
 */
void boot_enter(struct vcpu *vcpu)
{
    struct kvm_sregs system;
    if (ioctl(vcpu->fd, KVM_SET_CPUID2, vcpu->cpuid) != 0)
        die(EXIT_RESOURCES, "KVM_SET_CPUID2: %s", strerror(errno));
    vcpu->cpuid_is_set = true;
    if (ioctl(vcpu->fd, KVM_GET_SREGS, &system) != 0)
        die(EXIT_RESOURCES, "KVM_GET_SREGS: %s", strerror(errno));
    system.cs = segment(0x1B, 11, 1);
    system.ds = system.es = system.fs = system.gs = system.ss = segment(0x23, 3, 0);
    system.cr0 = 0x80010033; /* paging, write protect, numeric error, extension type, monitor coprocessor, protection */
    system.cr3 = PAGE_TABLES;
    system.cr4 |= 0x620; /* physical address extension, SSE and its exceptions */
    system.efer |= 0x500; /* long mode, enabled and active */
    if (ioctl(vcpu->fd, KVM_SET_SREGS, &system) != 0)
        die(EXIT_RESOURCES, "KVM_SET_SREGS: %s", strerror(errno));

    struct kvm_regs registers = {
        .rip = CODE,
        .rflags = 0x3002, /* I/O privilege level 3, and the bit that is always set */
        .rdi = WRITERS + vcpu->index * PAGE_SIZE, /* the code's only argument */
        .rsp = STACKS + (vcpu->index + 1) * PAGE_SIZE - 8, /* as after a call: 8 off a multiple of 16 */
    };
    if (ioctl(vcpu->fd, KVM_SET_REGS, &registers) != 0)
        die(EXIT_RESOURCES, "KVM_SET_REGS: %s", strerror(errno));
}
