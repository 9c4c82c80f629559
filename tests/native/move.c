/*
 * Moves 256 MiB (or argv[1] MiB) of random memory to itself over loopback while a thread goes on writing and marking, with device state, and compares
 * every byte. Prints seconds, GB/s and the blackout. With "storm" as second argument every thread of the process, the library's too, is kicked with
 * SIGUSR1 all the while, whose handler does not restart what it interrupts: as a VMM kicks its vCPUs, and worse.
 */
#include "support.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

static unsigned char *from, *to;
static size_t length;
static dp_memory *source_memory;
static atomic_int writing, stop;
static int guest_runs_there;
static unsigned char state[100000], loaded[sizeof state];
static size_t loaded_length;

/* The "guest": writes a page and says so, in this order; stands still while `writing` is 0. */
static pthread_mutex_t standing = PTHREAD_MUTEX_INITIALIZER;

static void *write_pages(void *unused)
{
    uint64_t seed = 88172645463325252u;
    (void)unused;
    while (!atomic_load(&stop)) {
        pthread_mutex_lock(&standing);
        if (atomic_load(&writing)) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            uint64_t page = seed % (length / 4096);
            memcpy(from + page * 4096 + 8 * (seed % 512), &seed, sizeof seed);
            MUST(dp_mark_dirty(source_memory, page * 4096, 4096));
        }
        pthread_mutex_unlock(&standing);
        usleep(100);
    }
    return NULL;
}

static atomic_long kicks;

static void on_kick(int signal)
{
    (void)signal;
    atomic_fetch_add(&kicks, 1);
}

static void *kick_all(void *unused)
{
    pid_t self = (pid_t)syscall(SYS_gettid);
    (void)unused;
    while (!atomic_load(&stop)) {
        DIR *threads = opendir("/proc/self/task");
        for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
            pid_t thread = (pid_t)atoi(entry->d_name);
            if (thread > 0 && thread != self) syscall(SYS_tgkill, getpid(), thread, SIGUSR1);
        }
        closedir(threads);
        usleep(200);
    }
    return NULL;
}

static int32_t pause_guest(void *opaque, dp_step *step)
{
    (void)opaque, (void)step;
    pthread_mutex_lock(&standing);
    atomic_store(&writing, 0);
    pthread_mutex_unlock(&standing);
    return 0;
}

static int32_t resume_guest(void *opaque, dp_step *step)
{
    (void)opaque, (void)step;
    atomic_store(&writing, 1);
    return 0;
}

static int32_t save(void *opaque, dp_step *step, uint32_t section, dp_stream *out)
{
    (void)opaque, (void)step, (void)section;
    for (size_t at = 0; at < sizeof state; at += 1000)
        if (dp_write(out, state + at, 1000) != DP_OK) return -1;
    return 0;
}

static int32_t load(void *opaque, dp_step *step, uint32_t section, const void *bytes, uint64_t count)
{
    (void)opaque, (void)step, (void)section;
    memcpy(loaded, bytes, count < sizeof loaded ? count : sizeof loaded);
    loaded_length = count;
    return 0;
}

int main(int count, char **arguments)
{
    length = (size_t)(count > 1 ? atol(arguments[1]) : 256) << 20;
    MUST(dp_init(DP_ABI_VERSION));
    from = map_memory(length);
    to = map_memory(length);
    fill(from, length, 1);
    memset(to, 0xDB, length);
    fill(state, sizeof state, 2);
    source_memory = memory_of(from, length);
    dp_memory *destination_memory = memory_of(to, length);

    dp_section section;
    MUST(dp_section_init(&section, sizeof section));
    section.id = "device";
    section.version = 1;
    section.size = sizeof state;
    dp_host here = idle_host(NULL), there = idle_host(&guest_runs_there);
    here.pause = pause_guest, here.resume = resume_guest, here.save = save, there.load = load;
    here.sections = there.sections = &section;
    here.section_count = there.section_count = 1;

    dp_listener *listener;
    dp_migration *source, *destination;
    char address[128];
    MUST(dp_listener_create("tcp:127.0.0.1:0", &listener));
    MUST(dp_listener_address(listener, address, sizeof address, NULL));
    MUST(dp_destination_create(destination_memory, &there, NULL, &destination));
    MUST(dp_destination_start(destination, listener));
    MUST(dp_source_create(source_memory, NULL, 0, &here, NULL, &source));

    pthread_t writer, kicker;
    int storm = count > 2 && strcmp(arguments[2], "storm") == 0;
    if (storm) {
        struct sigaction action = { .sa_handler = on_kick };
        CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && pthread_create(&kicker, NULL, kick_all, NULL) == 0);
    }
    atomic_store(&writing, 1);
    CHECK(pthread_create(&writer, NULL, write_pages, NULL) == 0);
    double began = now();
    MUST(dp_source_start(source, address));
    MUST(dp_wait(source, 60000000));
    double seconds = now() - began;
    MUST(dp_wait(destination, 60000000));
    atomic_store(&stop, 1);
    pthread_join(writer, NULL);
    if (storm) {
        pthread_join(kicker, NULL);
        printf("%ld kicks\n", (long)kicks);
        CHECK(kicks > 100);
    }

    CHECK(memcmp(from, to, length) == 0);
    CHECK(loaded_length == sizeof state && memcmp(state, loaded, sizeof state) == 0);
    CHECK(guest_runs_there && !atomic_load(&writing));

    dp_result result = { .struct_size = sizeof result };
    MUST(dp_get_result(source, &result));
    CHECK(result.status == DP_STATUS_COMPLETED && result.error == DP_OK);
    uint64_t needed = 0;
    EXPECT(DP_E_BUFFER, dp_result_json(source, NULL, 0, &needed));
    char *json = malloc(needed);
    MUST(dp_result_json(source, json, needed, NULL));
    CHECK(strstr(json, "\"dataplane.migration/1\"") != NULL);
    if (count > 2 && !storm) puts(json);
    free(json);
    MUST(dp_migration_destroy(source));
    MUST(dp_migration_destroy(destination));
    MUST(dp_listener_destroy(listener));
    MUST(dp_memory_destroy(source_memory));
    MUST(dp_memory_destroy(destination_memory));
    printf("%.3f s %.2f GB/s blackout %.3f ms passes %u\n", seconds, (double)length / seconds / 1e9, (double)result.downtime_us / 1000, (unsigned)result.passes);
    return 0;
}
