/* A guest from its first instruction to the check of its memory. */
#ifndef VMM_GUEST_H
#define VMM_GUEST_H

#include "options.h"
#include "vm.h"

/* Fills the VM's memory and sets its vCPUs to the guest's first instruction. */
void guest_boot(struct vm *vm, const struct options *options);

/* Lets a running guest run until the time is over or an interrupt comes, and stops it. Returns the exit code. */
int guest_run_on(struct vm *vm, const struct options *options, const char *where);

/* Checks a stopped guest's memory and says what came of it. Returns the exit code. */
int guest_check(struct vm *vm, const struct options *options, const char *where);

#endif
