#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "units.h"

static const char help[] =
    "vmm: a small virtual machine monitor on /dev/kvm whose guest is live-migrated by libdataplane.\n"
    "\n"
    "  vmm run                run a guest here, then check its memory\n"
    "  vmm receive ADDRESS    wait for a guest on ADDRESS and let it run on here\n"
    "  vmm send ADDRESS       run a guest and migrate it to whoever waits on ADDRESS\n"
    "\n"
    "An ADDRESS is tcp:HOST:PORT or unix:PATH; port 0 picks a free one, which receive prints. The other side may be the\n"
    "program `dataplane`, whose `--guest kvm` is the same guest; --memory and --vcpus must be alike.\n"
    "\n"
    "  --memory SIZE          guest RAM, 4MiB to 256GiB in whole pages (1GiB)\n"
    "  --vcpus N              1 to 64 (1)\n"
    "  --dirty RATE           how fast the guest writes pages; 0: not at all (200MiB/s)\n"
    "  --pattern NAME         where: uniform, sequential or hotcold (hotcold)\n"
    "  --working-set SIZE     the hot set, which gets nine of ten writes (64MiB)\n"
    "  --fill random|zero     what the guest's memory holds at start (random)\n"
    "  --poison               receive: fill the memory first, so that a page that does not come is seen\n"
    "  --run-for TIME         run, receive: stop the guest after this time (at Ctrl-C)\n"
    "  --channels N           send: data connections, 1 to 64 (as the library chooses)\n"
    "  --downtime-limit TIME  send: how long the guest may stand still (300ms)\n"
    "  --verify digest|full   send: full compares every page while both sides stand still (digest)\n"
    "  --json                 send, receive: the result as one JSON document on standard output\n"
    "\n"
    "Exit codes: 0 done; 1 failed or cancelled, the guest is at the source; 2 usage; 3 cannot connect or listen; 7 memory differs;\n"
    "8 only an operator can say whose the guest is; 9 lack of resources; 130 interrupted.\n";

/* getopt_long gives these back. */
enum { MEMORY = 256, VCPUS, DIRTY, PATTERN, WORKING_SET, FILL, POISON, RUN_FOR, CHANNELS, DOWNTIME_LIMIT, VERIFY, JSON };

static const struct option names[] = {
    { "memory", required_argument, NULL, MEMORY },
    { "vcpus", required_argument, NULL, VCPUS },
    { "dirty", required_argument, NULL, DIRTY },
    { "pattern", required_argument, NULL, PATTERN },
    { "working-set", required_argument, NULL, WORKING_SET },
    { "fill", required_argument, NULL, FILL },
    { "poison", no_argument, NULL, POISON },
    { "run-for", required_argument, NULL, RUN_FOR },
    { "channels", required_argument, NULL, CHANNELS },
    { "downtime-limit", required_argument, NULL, DOWNTIME_LIMIT },
    { "verify", required_argument, NULL, VERIFY },
    { "json", no_argument, NULL, JSON },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static const char *const commands[] = { [COMMAND_RUN] = "run", [COMMAND_SEND] = "send", [COMMAND_RECEIVE] = "receive" };
static const char *const patterns[] = { [UNIFORM] = "uniform", [SEQUENTIAL] = "sequential", [HOT_COLD] = "hotcold" };
static const char *const fills[] = { "random", "zero" };
static const char *const verifications[] = { "digest", "full" };

#define CHOICES(table) table, sizeof table / sizeof table[0]

static unsigned choice(const char *option, const char *word, const char *const *table, size_t count)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(word, table[i]) == 0)
            return i;
    fprintf(stderr, "vmm: %s: '%s' is none of:", option, word);
    for (unsigned i = 0; i < count; i++)
        fprintf(stderr, " %s", table[i]);
    fprintf(stderr, "; see vmm --help\n");
    exit(EXIT_USAGE);
}

static void read_option(struct options *options, int name, const char *word)
{
    switch (name) {
    case MEMORY: options->memory = units_size("--memory", word, MIN_MEMORY, MAX_MEMORY); break;
    case VCPUS: options->vcpus = (unsigned)units_count("--vcpus", word, 1, MAX_VCPUS); break;
    case DIRTY: options->work.bytes_per_second = units_rate("--dirty", word); break;
    case PATTERN: options->work.pattern = (enum pattern)choice("--pattern", word, CHOICES(patterns)); break;
    case WORKING_SET: options->work.working_set = units_size("--working-set", word, PAGE_SIZE, MAX_MEMORY); break;
    case FILL: options->fill_zero = choice("--fill", word, CHOICES(fills)) == 1; break;
    case POISON: options->poison = true; break;
    case RUN_FOR: options->run_for = units_time("--run-for", word); break;
    case CHANNELS: options->channels = (unsigned)units_count("--channels", word, 1, 64); break;
    case DOWNTIME_LIMIT: options->downtime_limit = units_time("--downtime-limit", word); break;
    case VERIFY: options->verify_full = choice("--verify", word, CHOICES(verifications)) == 1; break;
    case JSON: options->json = true; break;
    case 'h': fputs(help, stdout); exit(EXIT_DONE);
    default: die(EXIT_USAGE, "see vmm --help"); /* getopt has said what is wrong */
    }
}

struct options options_read(int count, char **words)
{
    struct options options = {
        .memory = GIB,
        .vcpus = 1,
        .work = { .bytes_per_second = 200ull << 20, .working_set = 64ull << 20, .pattern = HOT_COLD },
        .run_for = -1,
        .downtime_limit = 0.3,
    };
    for (int name; (name = getopt_long(count, words, "h", names, NULL)) != -1;)
        read_option(&options, name, optarg);

    /* getopt has moved the words that are no options behind the others. */
    words += optind;
    count -= optind;
    if (count == 0)
        die(EXIT_USAGE, "what is to be done? run, send or receive; see vmm --help");
    options.command = (enum command)choice("command", words[0], CHOICES(commands));
    int wanted = options.command == COMMAND_RUN ? 1 : 2;
    if (count < wanted)
        die(EXIT_USAGE, "%s wants an ADDRESS such as tcp:127.0.0.1:4444; see vmm --help", words[0]);
    if (count > wanted)
        die(EXIT_USAGE, "'%s' is one word too many; see vmm --help", words[wanted]);
    options.address = wanted == 2 ? words[1] : NULL;
    if ((options.memory - SYSTEM_BYTES) / PAGE_SIZE < options.vcpus)
        die(EXIT_USAGE, "--memory leaves less than a page of data for each of %u vCPUs", options.vcpus);
    return options;
}
