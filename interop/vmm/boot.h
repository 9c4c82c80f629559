/* Puts a guest into fresh memory and vCPUs. A destination needs none of it: all this arrives with the guest. */
#ifndef VMM_BOOT_H
#define VMM_BOOT_H

#include "memory.h"
#include "vcpu.h"

/* Writes page tables and code into the guest's first 2 MiB, which are cleared. */
void boot_write_system(const struct memory *memory);

/* Sets a fresh vCPU to the guest's first instruction. */
void boot_enter(struct vcpu *vcpu);

#endif
