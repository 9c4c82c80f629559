/*
 * guest.c in a process of the host, for a test: its pages lie at another address than they have in the guest, and the port write by which it leaves after a batch
 * goes back to the caller, with the generator's registers lost as they are in no vCPU; so one call is one batch of a fresh guest.
 */
static unsigned long ram;
static void *leave[5];

#define AT(address) ((address) + ram)
#define LEAVE() __builtin_longjmp(leave, 1)
#include "guest.c"

void run(struct writer *writer, unsigned long memory);

void run(struct writer *writer, unsigned long memory)
{
    ram = memory;
    if (!__builtin_setjmp(leave))
        start(writer);
}
