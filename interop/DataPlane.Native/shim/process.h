/* Whether this process can run the library, and whether the library runs in it. */
#ifndef DP_PROCESS_H
#define DP_PROCESS_H

#include "dataplane.h"

/* 0 where the runtime may be entered; else why not. One load of a variable. */
int32_t dp_ready(void);

/* The same, and whether SIGRTMIN is still the runtime's: for what sets its threads going. */
int32_t dp_ready_to_run(void);

/* Keeps the sentence for dp_last_error, and returns the code. Before dp_init too. */
int32_t dp_refused(int32_t code, const char *sentence);

/* Writes `from` with its terminating zero by the rule of dataplane.h for text. */
int32_t dp_put_text(const char *from, char *text, uint64_t size, uint64_t *needed);

#endif
