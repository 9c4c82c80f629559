/* The command line. */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "workload.h"

enum command { COMMAND_RUN, COMMAND_SEND, COMMAND_RECEIVE };

struct options {
    enum command command;
    const char *address; /* send and receive */
    uint64_t memory;
    unsigned vcpus;
    struct workload work; /* run and send; to a destination it comes with the guest */
    bool fill_zero;       /* run and send: leave the memory as it is instead of filling it with noise */
    bool poison;          /* receive */
    double run_for;       /* run and receive: seconds; negative: until SIGINT */
    unsigned channels;    /* send; 0: the library chooses */
    bool verify_full;     /* send */
    double downtime_limit; /* send: seconds */
    bool json;
};

/* Reads the command line. What can not be read, and --help, end the process. */
struct options options_read(int count, char **words);

#endif
