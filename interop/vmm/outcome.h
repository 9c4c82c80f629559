/* Following a migration to its end, and telling what came of it. */
#ifndef VMM_OUTCOME_H
#define VMM_OUTCOME_H

#include <dataplane.h>
#include <stdbool.h>

/*
 * Waits until a started migration has ended, telling on standard error how it goes. Ctrl-C cancels it. Then tells the outcome on
 * standard output, as a few lines or as the JSON document, and returns the exit code.
 */
int outcome_await(dp_migration *migration, bool json);

/* Tells why a migration failed, or did not even start, and returns the exit code. */
int outcome_of_failure(const dp_migration *migration, int32_t result);

/* The exit code for a result of the library. */
int outcome_exit_code(int32_t result);

#endif
