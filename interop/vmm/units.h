/* Numbers with units as people type them. What can not be read ends the process, saying what was expected. */
#ifndef VMM_UNITS_H
#define VMM_UNITS_H

#include <stdint.h>

/* Bytes in whole pages: 4GiB, 512M, 4096B. */
uint64_t units_size(const char *option, const char *word, uint64_t least, uint64_t most);

/* Bytes per second: 200MiB/s, 1.25GB/s, 10Gbit/s; or 0. */
uint64_t units_rate(const char *option, const char *word);

/* Seconds, from 300ms, 2s or 5m. */
double units_time(const char *option, const char *word);

uint64_t units_count(const char *option, const char *word, uint64_t least, uint64_t most);

#endif
