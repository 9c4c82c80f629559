/*
 * What a VMM may ask for beside the defaults, in one event loop over poll descriptors: RAM by its descriptor alone, tracking by callbacks ("plain" or
 * "reprotect"), by "userfault" or by the log of a "vhost" back end, named and placed threads, an answer to passes that stall, changed limits, progress as JSON. The guest writes faster
 * than the cap lets it be sent, so the passes stall; the answer is to switch. Every byte is compared.
 */
#include "support.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#define LENGTH ((size_t)16 << 20)
#define PAGES (LENGTH / 4096)

static unsigned char *from;
static atomic_int writing, stop, asked, started, ended, named;
static pthread_mutex_t standing = PTHREAD_MUTEX_INITIALIZER;

/* The VMM's own log: a page is news while it is protected. `plain` protects when it is read, `reprotect` when it is told to. */
static atomic_uchar unprotected[PAGES];
static _Atomic uint64_t log_words[PAGES / 64];

/* The back end's log, in a mapping of its own; NULL where there is none. */
static atomic_uchar *vhost_log;

static void *write_pages(void *unused)
{
    uint64_t seed = 88172645463325252u;
    (void)unused;
    while (!atomic_load(&stop)) {
        pthread_mutex_lock(&standing);
        for (int i = 0; atomic_load(&writing) && i < 64; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            uint64_t page = seed % PAGES;
            memcpy(from + page * 4096 + 8 * (seed % 512), &seed, sizeof seed);
            if (vhost_log != NULL) atomic_fetch_or(&vhost_log[page / 8], (unsigned char)(1 << page % 8));
            if (!atomic_exchange(&unprotected[page], 1)) atomic_fetch_or(&log_words[page / 64], UINT64_C(1) << page % 64);
        }
        pthread_mutex_unlock(&standing);
        usleep(200);
    }
    return NULL;
}

static int32_t start_tracking(void *opaque)
{
    (void)opaque;
    for (size_t page = 0; page < PAGES; page++) atomic_store(&unprotected[page], 0);
    atomic_fetch_add(&started, 1);
    return 0;
}

static int32_t end_tracking(void *opaque)
{
    (void)opaque;
    atomic_fetch_add(&ended, 1);
    return 0;
}

static int32_t protect(void *opaque, uint32_t block, uint64_t first, uint64_t pages)
{
    (void)opaque;
    CHECK(block == 0 && pages <= 512 && first + pages <= PAGES);
    for (uint64_t page = first; page < first + pages; page++) atomic_store(&unprotected[page], 0);
    return 0;
}

static int32_t sync_plain(void *opaque, uint32_t block, uint64_t *bitmap, uint64_t pages)
{
    (void)opaque;
    CHECK(block == 0 && pages == PAGES);
    for (size_t word = 0; word < PAGES / 64; word++) {
        bitmap[word] = atomic_exchange(&log_words[word], 0);
        /* What is written before a page is protected again is in the page that is read later; what is written after is news. */
        for (size_t bit = 0; bit < 64; bit++)
            if (bitmap[word] >> bit & 1) atomic_store(&unprotected[word * 64 + bit], 0);
    }
    return 0;
}

static int32_t sync_only(void *opaque, uint32_t block, uint64_t *bitmap, uint64_t pages)
{
    (void)opaque, (void)block, (void)pages;
    for (size_t word = 0; word < PAGES / 64; word++) bitmap[word] = atomic_exchange(&log_words[word], 0);
    return 0;
}

/* A log behind a page of the VMM's own, as a back end gets it: by its descriptor. */
static int32_t track_vhost(dp_memory *memory, dp_dirty **dirty)
{
    int32_t fd;
    uint64_t offset, length;
    void *here;
    EXPECT(DP_E_ARGUMENT, dp_dirty_create_vhost(memory, 100, dirty));
    int32_t code = dp_dirty_create_vhost(memory, 4096, dirty);
    if (code != DP_OK) return code;
    MUST(dp_dirty_vhost_log(*dirty, &fd, &offset, &length, &here));
    CHECK(offset == 4096 && length >= PAGES / 8 && ((unsigned char *)here)[0] == 0);
    void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    CHECK(at != MAP_FAILED);
    vhost_log = at;
    return DP_OK;
}

/* Whether a thread of that name runs on CPU 0 alone. */
static int placed(const char *name)
{
    char path[300], line[256], comm[32];
    int found = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file == NULL) continue;
        int right = 0;
        while (fgets(line, sizeof line, file) != NULL) {
            if (sscanf(line, "Name: %31s", comm) == 1) right = strcmp(comm, name) == 0;
            if (right && strcmp(line, "Cpus_allowed_list:\t0\n") == 0) found = 1;
        }
        fclose(file);
    }
    closedir(tasks);
    return found;
}

static int32_t pause_guest(void *opaque, dp_step *step)
{
    (void)opaque, (void)step;
    atomic_store(&named, placed("vm7-send-1") && placed("vm7-recv-0"));
    pthread_mutex_lock(&standing);
    atomic_store(&writing, 0);
    pthread_mutex_unlock(&standing);
    return 0;
}

static int32_t stalled(void *opaque, const dp_stall *stall)
{
    (void)opaque;
    CHECK(stall->struct_size == sizeof *stall && stall->pass > 0 && stall->remaining_bytes > 0 && strlen(stall->reason) > 10);
    return atomic_fetch_add(&asked, 1) == 0 ? DP_STALL_CONTINUE : DP_STALL_SWITCH;
}

/* Fetches events until both migrations have ended, as an event loop does. */
static void loop(dp_migration *source, dp_migration *destination)
{
    dp_migration *sides[2] = { source, destination };
    struct pollfd ready[2] = { { .events = POLLIN }, { .events = POLLIN } };
    int open = 2, statuses = 0;
    MUST(dp_poll_fd(source, &ready[0].fd));
    MUST(dp_poll_fd(destination, &ready[1].fd));
    while (open > 0) {
        CHECK(poll(ready, 2, 60000) > 0);
        for (int i = 0; i < 2; i++) {
            dp_event event = { .struct_size = sizeof event };
            if (!(ready[i].revents & POLLIN)) continue;
            MUST(dp_next_event(sides[i], &event));
            if (event.kind == DP_EVENT_STATUS) statuses++;
            CHECK(event.kind != DP_EVENT_ENDED || (event.elapsed_us > 0 && event.to == DP_STATUS_COMPLETED));
            if (event.kind == DP_EVENT_ENDED) open--, ready[i].fd = -1;
        }
    }
    CHECK(statuses >= 6); /* setup, active, device, completed here; there too */
}

int main(int count, char **arguments)
{
    const char *how = count > 1 ? arguments[1] : "plain";
    dp_memory *source_memory, *destination_memory;
    dp_dirty *dirty;
    dp_block block;
    dp_dirty_callbacks tracking;
    dp_source_options wants;
    dp_destination_options takes;
    dp_migration *source, *destination;
    dp_listener *listener;
    char address[128], json[8192];
    int32_t core = 0;
    int runs = 0;

    MUST(dp_init(DP_ABI_VERSION));
    MUST(dp_prepare(20000000));
    int fd = memfd_create("ram", 0);
    CHECK(fd >= 0 && ftruncate(fd, (off_t)LENGTH) == 0);
    MUST(dp_block_init(&block, sizeof block));
    block.name = "ram", block.fd = fd, block.length = LENGTH;
    MUST(dp_memory_create(&source_memory));
    MUST(dp_memory_add_block(source_memory, &block));
    void *at;
    MUST(dp_memory_block_address(source_memory, "ram", &at));
    from = at;
    fill(from, LENGTH, 5);
    unsigned char *to = map_memory(LENGTH);
    memset(to, 0xDB, LENGTH);
    destination_memory = memory_of(to, LENGTH);

    MUST(dp_dirty_callbacks_init(&tracking, sizeof tracking));
    tracking.start = start_tracking, tracking.stop = end_tracking;
    tracking.sync = strcmp(how, "reprotect") == 0 ? sync_only : sync_plain;
    tracking.reprotect = strcmp(how, "reprotect") == 0 ? protect : NULL;
    int by_callbacks = strcmp(how, "userfault") != 0 && strcmp(how, "vhost") != 0;
    int32_t made = by_callbacks ? dp_dirty_create_callbacks(source_memory, &tracking, &dirty)
        : strcmp(how, "vhost") == 0 ? track_vhost(source_memory, &dirty) : dp_dirty_create_userfault(source_memory, &dirty);
    if (made == DP_E_UNAVAILABLE) {
        dp_last_error(NULL, json, sizeof json, NULL);
        printf("unavailable: %s\n", json);
        return 0;
    }
    MUST(made);

    dp_host here = idle_host(NULL), there = idle_host(&runs);
    here.pause = pause_guest, here.stalled = stalled;
    MUST(dp_source_options_init(&wants, sizeof wants));
    MUST(dp_destination_options_init(&takes, sizeof takes));
    wants.channels = 2, wants.cores = takes.cores = &core, wants.core_count = takes.core_count = 1;
    wants.thread_prefix = takes.thread_prefix = "vm7";
    wants.journal = takes.journal = "";
    wants.max_bytes_per_second = 40 << 20, wants.downtime_limit_us = 1000, wants.on_stall = DP_ON_STALL_ASK;
    wants.avail_switchover_bytes_per_second = 40 << 20;
    MUST(dp_listener_create("tcp:127.0.0.1:0", &listener));
    MUST(dp_listener_address(listener, address, sizeof address, NULL));
    MUST(dp_destination_create(destination_memory, &there, &takes, &destination));
    MUST(dp_source_create(source_memory, &dirty, 1, &here, &wants, &source));
    EXPECT(DP_E_BUSY, dp_dirty_destroy(dirty));

    dp_source_update change;
    MUST(dp_source_update_init(source, &change, sizeof change));
    CHECK(change.downtime_limit_us == 1000 && change.on_stall == DP_ON_STALL_ASK);
    change.downtime_limit_us = 2000;
    MUST(dp_update(source, &change));
    change.downtime_limit_us = -5;
    EXPECT(DP_E_ARGUMENT, dp_update(source, &change));
    MUST(dp_source_update_init(source, &change, sizeof change));
    CHECK(change.downtime_limit_us == 2000);

    pthread_t writer;
    atomic_store(&writing, 1);
    CHECK(pthread_create(&writer, NULL, write_pages, NULL) == 0);
    MUST(dp_destination_start(destination, listener));
    MUST(dp_source_start(source, address));
    EXPECT(DP_E_NOT_READY, dp_wait(source, 1000));
    EXPECT(DP_E_BUSY, dp_migration_destroy(source));
    MUST(dp_progress_json(source, json, sizeof json, NULL));
    CHECK(strstr(json, "\"transferred-bytes\"") != NULL);
    loop(source, destination);
    MUST(dp_wait(source, 0));
    MUST(dp_wait(destination, 0));
    atomic_store(&stop, 1);
    pthread_join(writer, NULL);

    CHECK(memcmp(from, to, LENGTH) == 0);
    CHECK(runs && atomic_load(&asked) >= 2 && atomic_load(&named));
    CHECK(!by_callbacks || (atomic_load(&started) == 1 && atomic_load(&ended) == 1));
    dp_progress progress = { .struct_size = sizeof progress };
    MUST(dp_get_progress(source, &progress));
    CHECK(progress.status == DP_STATUS_COMPLETED && progress.total_bytes == (int64_t)LENGTH && progress.channels == 2);
    MUST(dp_migration_destroy(source));
    MUST(dp_migration_destroy(destination));
    MUST(dp_dirty_destroy(dirty));
    MUST(dp_listener_destroy(listener));
    MUST(dp_memory_destroy(source_memory));
    MUST(dp_memory_destroy(destination_memory));
    puts("ok");
    return 0;
}
