/* Moving a guest: the two sides of a migration, from the library's first call to its last. */
#ifndef VMM_MIGRATION_H
#define VMM_MIGRATION_H

#include "options.h"
#include "vm.h"

/* Starts the library. Before the VM and its threads; in a VMM that has seccomp filters or calls mlockall, before those. */
void migration_prepare(void);

/* Boots a guest and sends it away. Returns the exit code; the guest has gone, or is stopped here. */
int migration_send(struct vm *vm, const struct options *options);

/* Takes a guest and lets it run on. Returns the exit code; the guest, if one came, is stopped here. */
int migration_receive(struct vm *vm, const struct options *options);

#endif
