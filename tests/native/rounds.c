/*
 * argv[1] migrations one after the other in this process, everything made and destroyed each time. After the first tenth, threads, descriptors and
 * memory do not grow any more.
 */
#include "support.h"

#include <dirent.h>
#include <poll.h>
#include <sys/socket.h>

#define LENGTH ((size_t)4 << 20)

static int entries(const char *folder)
{
    int count = 0;
    DIR *open = opendir(folder);
    while (readdir(open) != NULL) count++;
    closedir(open);
    return count - 2;
}

/* Resident memory in KiB. */
static long resident(void)
{
    long pages = 0, ignored;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%ld %ld", &ignored, &pages) == 2);
    fclose(file);
    return pages * 4;
}

static void migrate(unsigned char *from, unsigned char *to)
{
    int32_t here[3], there[3], ends[2], fd;
    for (int i = 0; i < 3; i++) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        here[i] = ends[0], there[i] = ends[1];
    }
    int runs = 0;
    dp_host source_host = idle_host(NULL), destination_host = idle_host(&runs);
    dp_source_options options;
    dp_destination_options taking;
    dp_memory *source_memory = memory_of(from, LENGTH), *destination_memory = memory_of(to, LENGTH);
    dp_migration *source, *destination;
    dp_event event = { .struct_size = sizeof event };
    MUST(dp_source_options_init(&options, sizeof options));
    MUST(dp_destination_options_init(&taking, sizeof taking));
    options.journal = taking.journal = "";
    MUST(dp_source_create(source_memory, NULL, 0, &source_host, &options, &source));
    MUST(dp_destination_create(destination_memory, &destination_host, &taking, &destination));
    MUST(dp_poll_fd(source, &fd));
    MUST(dp_destination_start_sockets(destination, there, 3));
    MUST(dp_source_start_sockets(source, here, 3));
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    while (event.kind != DP_EVENT_ENDED) {
        CHECK(poll(&ready, 1, 30000) == 1);
        MUST(dp_next_event(source, &event));
    }
    MUST(dp_wait(source, 0)); /* who was told the end has the outcome at once */
    MUST(dp_wait(destination, 30000000));
    CHECK(runs && memcmp(from, to, LENGTH) == 0);
    MUST(dp_migration_destroy(source));
    MUST(dp_migration_destroy(destination));
    MUST(dp_memory_destroy(source_memory));
    MUST(dp_memory_destroy(destination_memory));
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 50, warm = rounds / 10 + 5;
    unsigned char *from = map_memory(LENGTH), *to = map_memory(LENGTH);
    MUST(dp_init(DP_ABI_VERSION));
    fill(from, LENGTH, 4);
    int threads = 0, files = 0;
    long memory = 0;
    for (int i = 0; i < rounds + warm; i++) {
        if (i == warm) threads = entries("/proc/self/task"), files = entries("/proc/self/fd"), memory = resident();
        memset(to, 0xDB, LENGTH);
        migrate(from, to);
    }
    usleep(200000); /* a thread's entry outlives its end by a moment */
    int threads_now = entries("/proc/self/task"), files_now = entries("/proc/self/fd");
    long memory_now = resident();
    printf("%d rounds: threads %d -> %d, descriptors %d -> %d, resident %ld -> %ld KiB\n", rounds, threads, threads_now, files, files_now, memory, memory_now);
    /* The pool keeps a few threads more or less; the heap is collected when it grows. What leaks a round shows as a multiple of the rounds. */
    CHECK(threads_now <= threads + 8);
    CHECK(files_now <= files + 4);
    CHECK(memory_now <= memory + 16384);
    return 0;
}
