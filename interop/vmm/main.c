/* A virtual machine monitor that is as small as one can be and still move its guest to another host. README.md walks through it. */
#include <stdio.h>

#include "events.h"
#include "fail.h"
#include "guest.h"
#include "migration.h"
#include "options.h"
#include "vm.h"

static int run(struct vm *vm, const struct options *options)
{
    guest_boot(vm, options);
    vm_resume(vm);
    return guest_run_on(vm, options, "source");
}

int main(int count, char **words)
{
    static struct vm vm; /* too large for comfort on a stack */
    struct options options = options_read(count, words);
    events_prepare();
    if (options.command != COMMAND_RUN)
        migration_prepare();
    vm_create(&vm, options.memory, options.vcpus);
    int code = options.command == COMMAND_RUN    ? run(&vm, &options)
               : options.command == COMMAND_SEND ? migration_send(&vm, &options)
                                                 : migration_receive(&vm, &options);
    vm_destroy(&vm);
    return code;
}
