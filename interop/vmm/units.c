#include "units.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "layout.h"

struct unit {
    const char *name;
    double factor;
};

static const struct unit sizes[] = {
    { "B", 1 }, { "K", 1 << 10 }, { "KiB", 1 << 10 }, { "M", 1 << 20 }, { "MiB", 1 << 20 }, { "G", 1 << 30 }, { "GiB", 1 << 30 }, { NULL, 0 },
};

static const struct unit rates[] = {
    { "B/s", 1 }, { "kB/s", 1e3 }, { "MB/s", 1e6 }, { "GB/s", 1e9 }, { "KiB/s", 1 << 10 }, { "MiB/s", 1 << 20 }, { "GiB/s", 1 << 30 },
    { "Mbit/s", 125e3 }, { "Gbit/s", 125e6 }, { NULL, 0 },
};

static const struct unit times[] = { { "ms", 1e-3 }, { "s", 1 }, { "m", 60 }, { NULL, 0 } };

/* Beyond this a number of bytes is no longer exact in floating point. */
#define MOST 9007199254740992.0

/* The number in its base unit, or -1. A bare 0 needs no unit. */
static double read_number(const char *word, const struct unit *units)
{
    if (strcmp(word, "0") == 0)
        return 0;
    /* strtod would also take a sign, spaces, hexadecimal digits and infinity. */
    if (!isdigit((unsigned char)word[0]) || strpbrk(word, "xX") != NULL)
        return -1;
    char *end;
    double number = strtod(word, &end);
    for (; units->name != NULL; units++)
        if (strcmp(end, units->name) == 0)
            return number * units->factor <= MOST ? number * units->factor : -1;
    return -1;
}

uint64_t units_size(const char *option, const char *word, uint64_t least, uint64_t most)
{
    double bytes = read_number(word, sizes);
    if (bytes < (double)least || bytes > (double)most || (uint64_t)bytes % PAGE_SIZE != 0)
        die(EXIT_USAGE, "%s: '%s' is no SIZE such as 512MiB, in whole pages of 4KiB, from %lluKiB to %lluGiB; see vmm --help", option, word,
            (unsigned long long)least >> 10, (unsigned long long)most >> 30);
    return (uint64_t)bytes;
}

uint64_t units_rate(const char *option, const char *word)
{
    double rate = read_number(word, rates);
    if (rate < 0)
        die(EXIT_USAGE, "%s: '%s' is no RATE such as 200MiB/s or 10Gbit/s, nor 0; see vmm --help", option, word);
    return (uint64_t)rate;
}

double units_time(const char *option, const char *word)
{
    double seconds = read_number(word, times);
    if (seconds < 0 || seconds > 86400)
        die(EXIT_USAGE, "%s: '%s' is no TIME such as 300ms, 2s or 5m, of at most a day; see vmm --help", option, word);
    return seconds;
}

uint64_t units_count(const char *option, const char *word, uint64_t least, uint64_t most)
{
    char *end;
    unsigned long long number = strtoull(word, &end, 10);
    if (!isdigit((unsigned char)word[0]) || *end != '\0' || number < least || number > most)
        die(EXIT_USAGE, "%s: '%s' is no number from %llu to %llu; see vmm --help", option, word, (unsigned long long)least,
            (unsigned long long)most);
    return number;
}
