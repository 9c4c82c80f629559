/* Everything that a caller can get wrong: a code and a sentence each, and the process lives. */
#include "support.h"

#include <pthread.h>
#include <sys/socket.h>

#define LENGTH ((size_t)8 << 20)

static char text[2048];

/* Refused with `code`, and the thread's last error is a sentence about it. */
#define REFUSED(code, call) do { EXPECT(code, call); MUST(dp_last_error(NULL, text, sizeof text, NULL)); CHECK(strlen(text) > 10); } while (0)

static void handles(void)
{
    int foreign = 0;
    dp_memory *memory, *stale;
    dp_listener *listener;
    REFUSED(DP_E_NULL_HANDLE, dp_memory_destroy(NULL));
    REFUSED(DP_E_FOREIGN_HANDLE, dp_memory_destroy((dp_memory *)(void *)&foreign));
    REFUSED(DP_E_FOREIGN_HANDLE, dp_memory_destroy((dp_memory *)(uintptr_t)0x5D10000001000FFFu));
    REFUSED(DP_E_FOREIGN_HANDLE, dp_memory_destroy((dp_memory *)(uintptr_t)-1));
    MUST(dp_memory_create(&memory));
    stale = memory;
    MUST(dp_memory_destroy(memory));
    REFUSED(DP_E_STALE_HANDLE, dp_memory_destroy(stale));
    REFUSED(DP_E_STALE_HANDLE, dp_mark_dirty(stale, 0, 4096));
    MUST(dp_memory_create(&memory));
    REFUSED(DP_E_STALE_HANDLE, dp_memory_destroy(stale)); /* the place has been given out again, the handle has not */
    REFUSED(DP_E_FOREIGN_HANDLE, dp_dirty_destroy((dp_dirty *)(void *)memory));
    MUST(dp_memory_destroy(memory));
    REFUSED(DP_E_ARGUMENT, dp_memory_create(NULL));
    REFUSED(DP_E_ARGUMENT, dp_listener_create(NULL, &listener));
    REFUSED(DP_E_ARGUMENT, dp_listener_create("tcp:nowhere", &listener));
    REFUSED(DP_E_CANNOT_CONNECT, dp_listener_create("tcp:192.0.2.1:1", &listener));
    CHECK(listener == NULL);
}

static void structs(unsigned char *ram)
{
    struct { dp_block block; uint64_t unknown; } newer;
    dp_memory *memory;
    dp_block block;
    REFUSED(DP_E_ARGUMENT, dp_block_init(NULL, sizeof block));
    CHECK(strstr(text, "dp_block") != NULL);
    REFUSED(DP_E_STRUCT_SIZE, dp_block_init(&block, 4));
    CHECK(strstr(text, "not 4") != NULL); /* and not the sentence before */
    MUST(dp_memory_create(&memory));
    /* A program that was compiled before the struct grew: what lies behind is not read. */
    memset(&newer, 0xFF, sizeof newer);
    MUST(dp_block_init(&newer.block, offsetof(dp_block, discarded)));
    newer.block.name = "older", newer.block.host_address = ram, newer.block.length = LENGTH;
    MUST(dp_memory_add_block(memory, &newer.block));
    MUST(dp_memory_remove_block(memory, "older"));
    MUST(dp_block_init((dp_block *)&newer, sizeof newer));
    newer.block.name = "newer", newer.block.host_address = ram, newer.block.length = LENGTH;
    MUST(dp_memory_add_block(memory, &newer.block));
    MUST(dp_memory_remove_block(memory, "newer"));
    newer.unknown = 1;
    REFUSED(DP_E_STRUCT_SIZE, dp_memory_add_block(memory, &newer.block));
    newer.block.struct_size = offsetof(dp_block, discarded) - 1;
    REFUSED(DP_E_STRUCT_SIZE, dp_memory_add_block(memory, &newer.block));
    newer.block.struct_size = UINT32_MAX;
    REFUSED(DP_E_STRUCT_SIZE, dp_memory_add_block(memory, &newer.block));
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, NULL));
    MUST(dp_memory_destroy(memory));
}

static void blocks(unsigned char *ram)
{
    dp_memory *memory = memory_of(ram, LENGTH);
    dp_block block;
    void *address;
    MUST(dp_block_init(&block, sizeof block));
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.name = "other", block.host_address = ram + LENGTH / 2, block.length = LENGTH, block.guest_address = 1u << 30;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    CHECK(strstr(text, "overlap") != NULL);
    block.host_address = ram + LENGTH + 1;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.host_address = ram + LENGTH, block.length = 5000;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.length = LENGTH, block.guest_address = 4096;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.guest_address = 1u << 30, block.name = "ram";
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.name = "\xff\xfe";
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    block.name = "file", block.host_address = NULL, block.fd = 12345;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    int file = block.fd = memfd_create("short", 0);
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block)); /* the file has no bytes */
    CHECK(ftruncate(block.fd, (off_t)LENGTH) == 0);
    MUST(dp_memory_add_block(memory, &block));
    MUST(dp_memory_block_address(memory, "file", &address));
    CHECK(((unsigned char *)address)[LENGTH - 1] == 0);
    REFUSED(DP_E_ARGUMENT, dp_memory_block_address(memory, "nobody", &address));
    unsigned char *gone = map_memory(LENGTH);
    CHECK(munmap(gone + LENGTH / 2, 4096) == 0);
    block.name = "gone", block.fd = -1, block.host_address = gone, block.guest_address = 1u << 31;
    REFUSED(DP_E_ARGUMENT, dp_memory_add_block(memory, &block));
    CHECK(strstr(text, "'gone'") != NULL && strstr(text, "mapped") != NULL);
    CHECK(munmap(gone, LENGTH) == 0);
    REFUSED(DP_E_ARGUMENT, dp_mark_dirty(memory, UINT64_MAX, 2));
    close(file);
    MUST(dp_memory_destroy(memory));
}

/* What a callback does wrong, and what became of it. */
static struct { dp_migration *self; int32_t destroyed, waited, progress, cancelled, stream; int fails; dp_stream *kept; } wrong;

static int32_t bad_save(void *opaque, dp_step *step, uint32_t section, dp_stream *out)
{
    dp_progress progress = { .struct_size = sizeof progress };
    (void)opaque, (void)section;
    wrong.waited = dp_wait(wrong.self, 0);
    wrong.destroyed = dp_migration_destroy(wrong.self);
    wrong.progress = dp_get_progress(wrong.self, &progress);
    wrong.stream = dp_write(out, NULL, 10);
    wrong.kept = out;
    step->reason = "the device is on fire";
    return wrong.fails ? -5 : dp_write(out, "x", 1);
}

static int32_t good_load(void *opaque, dp_step *step, uint32_t section, const void *state, uint64_t length)
{
    (void)opaque, (void)step, (void)section, (void)state, (void)length;
    return 0;
}

/* One migration over socket pairs whose source's save misbehaves. */
static int32_t migrate(unsigned char *from, unsigned char *to, int fails, int declared)
{
    int32_t here[3], there[3];
    int runs_here = 1, runs_there = 0, ends[2];
    for (int i = 0; i < 3; i++) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        here[i] = ends[0], there[i] = ends[1];
    }
    dp_section section;
    MUST(dp_section_init(&section, sizeof section));
    section.id = "bad", section.version = 1, section.size = declared;
    dp_host source_host = idle_host(&runs_here), destination_host = idle_host(&runs_there);
    source_host.save = bad_save, destination_host.load = good_load;
    source_host.sections = destination_host.sections = &section;
    source_host.section_count = destination_host.section_count = 1;
    dp_memory *source_memory = memory_of(from, LENGTH), *destination_memory = memory_of(to, LENGTH);
    dp_migration *source, *destination;
    dp_block block;
    MUST(dp_source_create(source_memory, NULL, 0, &source_host, NULL, &source));
    MUST(dp_destination_create(destination_memory, &destination_host, NULL, &destination));
    wrong.self = source, wrong.fails = fails;
    MUST(dp_block_init(&block, sizeof block));
    REFUSED(DP_E_BUSY, dp_memory_add_block(source_memory, &block));
    REFUSED(DP_E_BUSY, dp_memory_remove_block(source_memory, "ram"));
    REFUSED(DP_E_BUSY, dp_memory_destroy(source_memory));
    REFUSED(DP_E_BUSY, dp_source_create(source_memory, NULL, 0, &source_host, NULL, &(dp_migration *){ NULL }));
    REFUSED(DP_E_STATE, dp_wait(source, 0));
    REFUSED(DP_E_WRONG_SIDE, dp_source_start(destination, "tcp:127.0.0.1:1"));
    REFUSED(DP_E_WRONG_SIDE, dp_continue(destination));
    REFUSED(DP_E_ARGUMENT, dp_source_start_sockets(source, here, 1));
    REFUSED(DP_E_ARGUMENT, dp_source_start_sockets(source, (int32_t[]){ here[0], here[0] }, 2));
    REFUSED(DP_E_ARGUMENT, dp_source_start_sockets(source, (int32_t[]){ here[0], 0x7FFF }, 2));
    MUST(dp_destination_start_sockets(destination, there, 3));
    MUST(dp_source_start_sockets(source, here, 3)); /* refused before and still the caller's: it takes them now */
    REFUSED(DP_E_STATE, dp_source_start_sockets(source, here, 3));
    int32_t outcome = dp_wait(source, 30000000);
    (void)dp_wait(destination, 30000000);
    CHECK(runs_here == (outcome != DP_OK) && runs_there == (outcome == DP_OK));
    MUST(dp_last_error(source, text, sizeof text, NULL));
    REFUSED(DP_E_STATE, dp_settle(source, DP_SIDE_UNKNOWN));
    MUST(dp_last_error(source, text, sizeof text, NULL));
    MUST(dp_cancel(source));
    MUST(dp_migration_destroy(source));
    MUST(dp_migration_destroy(destination));
    MUST(dp_memory_destroy(source_memory));
    MUST(dp_memory_destroy(destination_memory));
    return outcome;
}

static void callbacks(unsigned char *from, unsigned char *to)
{
    EXPECT(DP_E_HOST_FAILED, migrate(from, to, 1, 100));
    EXPECT(DP_E_REENTRY, wrong.waited);
    EXPECT(DP_E_REENTRY, wrong.destroyed);
    EXPECT(DP_OK, wrong.progress);
    EXPECT(DP_E_ARGUMENT, wrong.stream);
    REFUSED(DP_E_STALE_HANDLE, dp_write(wrong.kept, "x", 1));
    EXPECT(DP_E_HOST_FAILED, migrate(from, to, 0, 0)); /* writes a byte more than declared, and the result says so */
}

static void options(unsigned char *ram)
{
    dp_memory *memory = memory_of(ram, LENGTH), *empty;
    dp_host host = idle_host(NULL), none;
    dp_source_options wants;
    dp_destination_options takes;
    dp_migration *migration;
    MUST(dp_memory_create(&empty));
    MUST(dp_host_init(&none, sizeof none));
    MUST(dp_source_options_init(&wants, sizeof wants));
    MUST(dp_destination_options_init(&takes, sizeof takes));
    REFUSED(DP_E_ARGUMENT, dp_source_create(empty, NULL, 0, &host, NULL, &migration));
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &none, NULL, &migration));
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 3, &host, NULL, &migration));
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, NULL, NULL));
    wants.channels = 1000, wants.downtime_limit_us = -1, wants.congestion = "a name that is too long";
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    CHECK(strstr(text, "channels is 1000") != NULL && strstr(text, "downtime_limit_us") != NULL && strstr(text, "congestion") != NULL);
    /* Faults of the host, of what C alone checks, and of what the library checks: all at once, and each once. */
    dp_section twins[2];
    MUST(dp_section_init(&twins[0], sizeof twins[0]));
    twins[0].id = "disk", twins[0].size = -1, twins[1] = twins[0];
    none.sections = twins, none.section_count = 2, wants.probe = 3, wants.verify = 9;
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &none, &wants, &migration));
    const char *faults[] = { "resume", "pause", "save", "'disk' is there 2 times", "negative size", "probe is 3", "verify is 9", "channels is 1000", "downtime_limit_us", "congestion" };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) CHECK(strstr(text, faults[i]) != NULL);
    MUST(dp_source_options_init(&wants, sizeof wants));
    wants.on_stall = DP_ON_STALL_ASK;
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    CHECK(strstr(text, "dp_host.stalled") != NULL);
    wants.on_stall = DP_ON_STALL_THROTTLE;
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    CHECK(strstr(text, "dp_host.throttle") != NULL);
    wants.on_stall = DP_ON_STALL_WAIT, wants.verify = 7;
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    wants.verify = 0, wants.reserved = 1;
    REFUSED(DP_E_STRUCT_SIZE, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    wants.reserved = 0, wants.thread_prefix = "much too long";
    REFUSED(DP_E_ARGUMENT, dp_source_create(memory, NULL, 0, &host, &wants, &migration));
    takes.max_channels = 0, takes.memory = 9;
    REFUSED(DP_E_ARGUMENT, dp_destination_create(memory, &host, &takes, &migration));
    CHECK(strstr(text, "max_channels is 0") != NULL && strstr(text, "memory is 9") != NULL);
    MUST(dp_memory_destroy(memory)); /* whatever was refused has let go of it */
    MUST(dp_memory_destroy(empty));
}

int main(void)
{
    MUST(dp_init(DP_ABI_VERSION));
    unsigned char *from = map_memory(2 * LENGTH), *to = map_memory(LENGTH);
    fill(from, 2 * LENGTH, 3);
    handles();
    structs(from);
    blocks(from);
    options(from);
    callbacks(from, to);
    puts("ok");
    return 0;
}
