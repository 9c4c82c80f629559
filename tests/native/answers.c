/*
 * What the library asks of a VMM and hears from it while a migration runs: the word to go on ("continue"), how much to slow the guest down ("throttle"), what
 * saved state holds ("describe"), and a source that does not come ("nobody").
 */
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#define LENGTH ((size_t)16 << 20)
#define WORKING_SET ((size_t)4 << 20)

static unsigned char *from, *to;
static struct sides sides;
static atomic_int writing, stop, percent, told;
static pthread_mutex_t standing = PTHREAD_MUTEX_INITIALIZER;

/* Waits for the event of that kind, or of the source's arrival at that status. */
static dp_event await_event(dp_migration *side, int32_t kind, int32_t status)
{
    struct pollfd ready = { .events = POLLIN };
    MUST(dp_poll_fd(side, &ready.fd));
    for (;;) {
        dp_event event = { .struct_size = sizeof event };
        CHECK(poll(&ready, 1, 60000) == 1);
        MUST(dp_next_event(side, &event));
        if (event.kind == kind && (kind == DP_EVENT_ENDED || event.to == status)) return event;
    }
}

static void start_both(void)
{
    MUST(dp_destination_start(sides.destination, sides.listener));
    MUST(dp_source_start(sides.source, sides.address));
}

static void arrived(void)
{
    MUST(dp_wait(sides.source, 60000000));
    MUST(dp_wait(sides.destination, 60000000));
    CHECK(memcmp(from, to, LENGTH) == 0);
}

static void go_on(void)
{
    int runs_here = 1, runs_there = 0;
    dp_host here = idle_host(&runs_here), there = idle_host(&runs_there);
    dp_source_options wants;
    MUST(dp_source_options_init(&wants, sizeof wants));
    wants.pause_before_switchover = 1;
    make_sides(&sides, &here, &wants, &there, NULL);
    EXPECT(DP_E_ILLEGAL_TRANSITION, dp_continue(sides.source)); /* it does not wait yet */
    start_both();
    (void)await_event(sides.source, DP_EVENT_STATUS, DP_STATUS_PRE_SWITCHOVER);
    CHECK(!runs_here && !runs_there);
    EXPECT(DP_E_NOT_READY, dp_wait(sides.source, 1000));
    MUST(dp_continue(sides.source));
    arrived();
    CHECK(runs_there && !runs_here);
    EXPECT(DP_E_ILLEGAL_TRANSITION, dp_continue(sides.source));
    CHECK(await_event(sides.source, DP_EVENT_ENDED, 0).elapsed_us > 0);
}

/* Ten pages a millisecond, as far as it is let. */
static void *write_pages(void *unused)
{
    uint64_t seed = 88172645463325252u;
    (void)unused;
    while (!atomic_load(&stop)) {
        pthread_mutex_lock(&standing);
        for (int i = 0; atomic_load(&writing) && i < (100 - atomic_load(&percent)) / 10; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            uint64_t page = seed % (WORKING_SET / 4096);
            memcpy(from + page * 4096 + 8 * (seed % 512), &seed, sizeof seed);
            MUST(dp_mark_dirty(sides.from, page * 4096, 4096));
        }
        pthread_mutex_unlock(&standing);
        usleep(1000);
    }
    return NULL;
}

static int32_t stand(void *opaque, dp_step *step)
{
    (void)opaque, (void)step;
    pthread_mutex_lock(&standing);
    atomic_store(&writing, 0);
    pthread_mutex_unlock(&standing);
    return 0;
}

static int32_t slow_down(void *opaque, dp_step *step, int32_t by)
{
    dp_progress progress = { .struct_size = sizeof progress };
    (void)opaque, (void)step;
    CHECK(by >= 0 && by <= 95);
    MUST(dp_get_progress(sides.source, &progress));
    atomic_store(&percent, by);
    atomic_fetch_add(&told, 1);
    return 0;
}

/* A link of 8 MB/s, and a guest that writes up to 40: the rest fits when it is slow enough. */
static void throttled(void)
{
    pthread_t writer;
    dp_host here = idle_host(NULL), there = idle_host(NULL);
    dp_source_options wants;
    here.pause = stand, here.throttle = slow_down;
    MUST(dp_source_options_init(&wants, sizeof wants));
    wants.on_stall = DP_ON_STALL_THROTTLE, wants.max_bytes_per_second = wants.avail_switchover_bytes_per_second = 8 << 20, wants.downtime_limit_us = 100000;
    make_sides(&sides, &here, &wants, &there, NULL);
    atomic_store(&writing, 1);
    CHECK(pthread_create(&writer, NULL, write_pages, NULL) == 0);
    start_both();
    arrived();
    atomic_store(&stop, 1);
    pthread_join(writer, NULL);
    CHECK(atomic_load(&told) > 0);
}

static int32_t save(void *opaque, dp_step *step, uint32_t section, dp_stream *out)
{
    (void)opaque, (void)step;
    return dp_write(out, section == 0 ? "full" : "idle", 4);
}

static int32_t load(void *opaque, dp_step *step, uint32_t section, const void *state, uint64_t length)
{
    (void)opaque, (void)step;
    return length == 4 && memcmp(state, section == 0 ? "full" : "idle", 4) == 0 ? 0 : -1;
}

static int32_t describe(void *opaque, uint32_t section, const void *state, uint64_t length, dp_stream *json)
{
    char text[64];
    (void)opaque;
    if (section == 1) return dp_write(json, "{ no JSON", 9); /* spoils its own description and nothing else */
    int written = snprintf(text, sizeof text, "{\"queue\":\"%.*s\"}", (int)length, (const char *)state);
    return dp_write(json, text, (uint64_t)written);
}

static void described(void)
{
    dp_section sections[2];
    dp_host here = idle_host(NULL), there = idle_host(NULL);
    dp_source_options wants;
    for (int i = 0; i < 2; i++) {
        MUST(dp_section_init(&sections[i], sizeof sections[i]));
        sections[i].id = i == 0 ? "disk" : "odd", sections[i].version = 1, sections[i].size = 4;
    }
    here.sections = there.sections = sections, here.section_count = there.section_count = 2;
    here.save = save, here.describe = describe, there.load = load;
    MUST(dp_source_options_init(&wants, sizeof wants));
    wants.describe_device_state = 1;
    make_sides(&sides, &here, &wants, &there, NULL);
    start_both();
    arrived();
    uint64_t needed;
    EXPECT(DP_E_BUFFER, dp_result_json(sides.source, NULL, 0, &needed));
    char *json = malloc(needed);
    MUST(dp_result_json(sides.source, json, needed, NULL));
    CHECK(strstr(json, "\"queue\": \"full\"") != NULL);
    free(json);
}

static void nobody_comes(void)
{
    char text[512];
    dp_host here = idle_host(NULL), there = idle_host(NULL);
    dp_destination_options takes;
    MUST(dp_destination_options_init(&takes, sizeof takes));
    takes.accept_timeout_us = 50000;
    make_sides(&sides, &here, NULL, &there, &takes);
    MUST(dp_destination_start(sides.destination, sides.listener));
    EXPECT(DP_E_TIMEOUT, dp_wait(sides.destination, 60000000));
    MUST(dp_last_error(sides.destination, text, sizeof text, NULL));
    CHECK(strstr(text, "No source has come within 0.05 s") != NULL);
    CHECK(await_event(sides.destination, DP_EVENT_ENDED, 0).to == DP_STATUS_FAILED);
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    MUST(dp_init(DP_ABI_VERSION));
    from = map_memory(LENGTH), to = map_memory(LENGTH);
    fill(from, LENGTH, 7);
    sides.from = memory_of(from, LENGTH), sides.to = memory_of(to, LENGTH);
    if (strcmp(what, "continue") == 0) go_on();
    else if (strcmp(what, "throttle") == 0) throttled();
    else if (strcmp(what, "describe") == 0) described();
    else if (strcmp(what, "nobody") == 0) nobody_comes();
    else return 2;
    destroy_sides(&sides);
    puts("ok");
    return 0;
}
