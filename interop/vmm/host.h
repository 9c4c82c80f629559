/*
 * What this VMM answers when the library asks: stop the guest, save it, load it, let it run. The same on both sides; which of them
 * are called depends on the side.
 */
#ifndef VMM_HOST_H
#define VMM_HOST_H

#include <dataplane.h>

#include "vm.h"

struct host {
    struct vm *vm;
    struct dp_section sections[MAX_VCPUS + 1];
    char ids[MAX_VCPUS][16];
    uint8_t *state;   /* where a section is put together, large enough for any */
    char reason[160]; /* why a callback failed: the library reads it after the callback has returned */
};

/*
 * Describes the VM's device state and fills in the callbacks. `host` must outlive what is made with the result; what dp_source_create and
 * dp_destination_create copy is the rest.
 */
struct dp_host host_describe(struct host *host, struct vm *vm);

void host_destroy(struct host *host);

#endif
