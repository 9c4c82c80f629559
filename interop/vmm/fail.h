#ifndef VMM_FAIL_H
#define VMM_FAIL_H

/* The exit codes of the program `dataplane`. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CANNOT_CONNECT = 3,
    EXIT_CORRUPT_STREAM = 5,
    EXIT_LIMIT_MISSED = 6,
    EXIT_DIFFERENT_MEMORY = 7,
    EXIT_UNCERTAIN = 8,
    EXIT_RESOURCES = 9,
    EXIT_INTERRUPTED = 130
};

/*
 * Says "vmm: ..." on standard error and ends the process. Only while the VM is being set up: once a guest runs, and in
 * every callback of the library, faults are returned, so that the guest goes on.
 */
__attribute__((noreturn, format(printf, 2, 3))) void die(int code, const char *format, ...);

#endif
