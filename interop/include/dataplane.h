/*
 * dataplane.h - live migration of virtual machines, for C, C++ and whatever calls C.
 *
 * The library moves a running guest's memory and device state to another process or host. The VMM keeps everything that is its own: the
 * memory, the vCPUs, the devices. It describes the memory (dp_memory), says how written pages are found (dp_dirty), answers a handful of calls
 * (dp_host) and starts a migration (dp_migration) on each side.
 *
 * Read first what a host process has to grant: interop/README.md (signals, memory locking, fork, unloading, seccomp).
 *
 * Rules for all of it
 *
 *   Results    int32_t: 0, or one of DP_E_*, which are negative. dp_strerror() says what a code means, dp_last_error() what was wrong this time.
 *   Threads    Every function may be called from any thread, also at the same time as others, unless it says otherwise. None may be
 *              called from a signal handler. "Blocks" and "does not block" say whether a function waits for the network, the peer or callbacks; one of which
 *              nothing is said does not.
 *   Callbacks  Come on threads of the library; those of one migration come one at a time (the log excepted), not always on the same thread. A
 *              callback may block for as long as it needs; in the blackout the guest stands for it, and on the destination the source waits for load,
 *              acquire and resume no longer than its handover_timeout_us. It must return: no longjmp, no C++ exception, no pthread_exit. What waits for the same migration (dp_wait, dp_migration_destroy) is refused in it with DP_E_REENTRY.
 *   Structs    struct_size is sizeof the struct, as the caller was compiled; a *_init function sets it and every default (or returns
 *              DP_E_ARGUMENT or DP_E_STRUCT_SIZE). Fields are only ever added at the end. A library that is older than the header accepts a longer struct as long as what it does not know is zero.
 *              Fields named reserved are zero. In arrays of such structs all elements have the same struct_size.
 *   Ownership  What is passed in stays the caller's and is copied before the function returns, unless the function says otherwise. What a
 *              callback is handed is valid until it returns.
 *   Text       UTF-8. Functions that give text take a buffer: they write at most `size` bytes, with a terminating zero where size is not 0, put the
 *              bytes of the whole text, terminating zero included, into *needed (which may be NULL), and return DP_E_BUFFER where it was cut.
 *   Times      int64_t microseconds (_us), or nanoseconds of CLOCK_MONOTONIC (_ns). Sizes are bytes, rates bytes per second. -1 in what the
 *              library reports: not known.
 */
#ifndef DATAPLANE_H
#define DATAPLANE_H

#include <stddef.h>
#include <stdint.h>

#include "dataplane_errors.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DP_API __attribute__((visibility("default")))
#else
#define DP_API
#endif

/* ------------------------------------------------------------------------------------------------------------------- version and errors */

#define DP_VERSION_MAJOR 0
#define DP_VERSION_MINOR 1
#define DP_VERSION_PATCH 0

/* Rises when a program compiled before does not work any more with the library; the number at the end of the library's name. */
#define DP_ABI_VERSION 0u

/* What a code means, a static string; for unknown codes too. Does not block; may be called before dp_init. */
DP_API const char *dp_strerror(int32_t code);

/*
 * The sentence of the last failure: of `handle` (any kind), or, where it is NULL, of the calling thread (for functions that make a handle or have
 * none). Calls that succeed leave it as it is; empty where nothing has failed yet. For a migration that has ended: why, with the peer's words. Does not block; text as above.
 */
DP_API int32_t dp_last_error(const void *handle, char *text, uint64_t size, uint64_t *needed);

/* (major << 16) | (minor << 8) | patch of the library that runs; "0.1.0"; its DP_ABI_VERSION. Do not block; may be called before dp_init. */
DP_API uint32_t dp_version_number(void);
DP_API const char *dp_version_string(void);
DP_API uint32_t dp_abi_version(void);

/* ------------------------------------------------------------------------------------------------------------------------------- process */

/*
 * Starts the library in this process: once, before any other function, from any thread; further calls return what the first did, or try again
 * where it failed. Pass DP_ABI_VERSION. Looks first whether the process can hold the .NET runtime, and refuses with what to do where not:
 * DP_E_SIGNAL_TAKEN (somebody handles SIGRTMIN), DP_E_CPU, DP_E_OUT_OF_RESOURCES (locked memory or address space), DP_E_ABI, DP_E_FORKED.
 * Call it before mlockall(2) and before seccomp filters are loaded. Takes some ms; does not block otherwise. There is no end to it: the
 * library stays until the process ends, and cannot be unloaded.
 */
DP_API int32_t dp_init(uint32_t abi_version);

/*
 * Whether migrations can run in this process now: 0, or what stands against it (DP_E_SIGNAL_TAKEN where SIGRTMIN has been taken from the
 * runtime since dp_init). The text has a line for each finding, what it means and what to do: signals, locked memory, descriptors, codecs. Every
 * start of a migration checks the signal by itself. Does not block.
 */
DP_API int32_t dp_check_host(char *text, uint64_t size, uint64_t *needed);

/*
 * Goes through a few small migrations inside this process, so that nothing is done for the first time in the first blackout. Every migration does so by
 * itself while its guest still runs; a VMM that has time beforehand calls it then. Blocks until it is over, at most timeout_us
 * (DP_E_NOT_READY; it goes on meanwhile); 0 only begins it.
 */
DP_API int32_t dp_prepare(int64_t timeout_us);

/* -------------------------------------------------------------------------------------------------------------------------------- memory */

/* The guest's RAM. Made empty; blocks are added; then it takes part in one migration at a time. */
typedef struct dp_memory dp_memory;

/* One contiguous piece of RAM. Both sides list the same names, lengths and guest addresses in the same order. */
typedef struct dp_block {
    uint32_t struct_size;
    int32_t fd;                 /* descriptor of the file behind the memory, or -1; with it, holes are found without reading them */
    const char *name;           /* unique within the guest, 1 to 255 bytes */
    void *host_address;         /* where it is mapped, a multiple of 4096; NULL: the library maps fd, shared, until the memory is destroyed */
    uint64_t length;            /* a positive multiple of 4096 */
    uint64_t guest_address;     /* guest-physical address of the first byte, a multiple of 4096 */
    uint64_t fd_offset;         /* of the block's first byte in the file, a multiple of 4096 */
    uint32_t backing_page_size; /* bytes of a page of the file behind it: 4096, 2 MiB or 1 GiB */
    uint32_t reserved;
    uint64_t *discarded;        /* NULL: none. One bit a page: those that need not travel; see below */
} dp_block;

/*
 * The discard map of a block: pages that the guest has given up (a balloon, memory that is not plugged in), or that both sides have by themselves (ROM).
 * Page p of the block is bit p % 64 of word p / 64. It stays the VMM's, as long as the dp_memory, and is looked at where that is a source's.
 *
 * A page whose bit is set when its turn comes is neither read nor sent; dp_result.discarded_pages counts it. The destination keeps what it has there: what
 * its memory held before, where the page was discarded all the time; else that, an earlier version of the page, or zeros. DP_VERIFY_FULL leaves it out.
 *
 * The bits may change while a migration runs, by atomic operations on the words, from any thread; not between the return of `pause` and the end.
 *   To discard   set the bit, then give the memory back (MADV_DONTNEED, a hole in the file). It stays readable as long as the migration lasts, since a
 *                thread may just be reading it; only what is discarded from before dp_source_start on may be unreadable, until it is populated.
 *   To populate  make the memory readable, clear the bit, dp_mark_dirty, and only then let the guest use it.
 * What is written to a discarded page is lost.
 */

/* fd -1, backing_page_size 4096, all else zero. */
DP_API int32_t dp_block_init(dp_block *block, uint32_t size);

/* Does not block. The memory stays the VMM's and must stay mapped while a dp_dirty or dp_migration made from it exists. */
DP_API int32_t dp_memory_create(dp_memory **memory);

/*
 * Adds a block behind those that are there, or removes one by its name. DP_E_BUSY while a dp_dirty or dp_migration made from it exists: RAM is neither
 * plugged nor unplugged while a guest migrates. DP_E_ARGUMENT names every fault: overlap, alignment, name, or that not all of it is mapped. fd stays the caller's and is
 * duplicated. Do not block.
 */
DP_API int32_t dp_memory_add_block(dp_memory *memory, const dp_block *block);
DP_API int32_t dp_memory_remove_block(dp_memory *memory, const char *name);

/* Where the block is mapped, for blocks that were given by their fd alone. Does not block. */
DP_API int32_t dp_memory_block_address(dp_memory *memory, const char *name, void **host_address);

/*
 * Says that `length` bytes of RAM at `guest_address` have been written by somebody whom dirty tracking does not see: this process, a device's back end. Write
 * first, mark afterwards. On the source at any time; on the destination in the `load` callback, for what it writes to RAM. Ignored
 * while no migration made from this memory exists. The range lies in one or several adjacent blocks. Does not block, allocates nothing;
 * some 0.1 us.
 */
DP_API int32_t dp_mark_dirty(dp_memory *memory, uint64_t guest_address, uint64_t length);

/* DP_E_BUSY while a dp_dirty or dp_migration made from it exists. Does not block. */
DP_API int32_t dp_memory_destroy(dp_memory *memory);

#include "dataplane_dirty.h"

/* --------------------------------------------------------------------------------------------------------------------- what the VMM answers */

/* One device's state: what it is called and what it will cost, as far as the VMM knows. Both sides list the same in the same order. */
typedef struct dp_section {
    uint32_t struct_size;
    int32_t version;            /* of the contents; the same on both sides */
    const char *id;             /* unique within the guest, 1 to 255 bytes */
    int64_t size;               /* bytes the state will take at most; a larger one fails the migration before the handover */
    int64_t save_time_us;       /* how long saving and loading are expected to take; part of the forecast, */
    int64_t load_time_us;       /* and loading of how long the source waits */
} dp_section;

DP_API int32_t dp_section_init(dp_section *section, uint32_t size);

/* A step of the migration that the VMM carries out. Belongs to the library; valid until the callback returns. */
typedef struct dp_step {
    uint32_t struct_size;
    volatile int32_t cancelled; /* becomes 1 when the step should return soon, by itself or with a failure */
    int64_t deadline_ns;        /* by when the guest must run, where a hard limit was asked for (CLOCK_MONOTONIC); 0: none */
    int64_t guest_moment_ns;    /* pause and resume may set it: when the last vCPU left the guest, when the first entered it */
    const char *reason;         /* a failing callback may point it at a sentence, which is copied after it has returned */
} dp_step;

/* Where `save` and `describe` write. Valid until that callback returns. */
typedef struct dp_stream dp_stream;

/* Adds `length` bytes. Any number of calls, in the callback, on its thread; copied. Does not block. */
DP_API int32_t dp_write(dp_stream *stream, const void *data, uint64_t length);

/* What is known when the passes stall. Rates in bytes per second, times in microseconds, -1: not known. */
typedef struct dp_stall {
    uint32_t struct_size;
    uint32_t pass;              /* number of the pass that has ended */
    int64_t elapsed_us;
    int64_t timeout_us;         /* how long the whole may take */
    int64_t remaining_bytes;    /* marked and not yet sent */
    int64_t dirty_bytes_per_second;
    int64_t working_set_bytes;  /* towards which the dirty memory grows */
    int64_t bytes_per_second;   /* the rate that the forecast counts on */
    int64_t expected_downtime_us; /* the blackout, were the guest stopped now; low and high are two standard deviations away */
    int64_t low_downtime_us;
    int64_t high_downtime_us;
    int64_t downtime_limit_us;
    int32_t hopeless;           /* 1: passes will never come down to what fits */
    int32_t reserved;
    const char *reason;         /* why the guest was not stopped, with the numbers */
} dp_stall;

#define DP_STALL_CONTINUE 0     /* another pass */
#define DP_STALL_SWITCH 1       /* stop the guest now and move what is left */
#define DP_STALL_ABORT 2        /* give up; the guest goes on on the source */

/*
 * What the library asks of the VMM. Each returns 0, or a negative number: the migration fails, naming the step. Before the handover the guest
 * then goes on where it was. After it, a destination whose acquire fails, or whose resume returns DP_NOT_ENTERED, gives the guest back to the
 * source; one whose resume fails otherwise may have run it, and has lost it (DP_E_GUEST_LOST on both sides); one that fails to announce has it all the same.
 *
 * Source: pause, save for each section, release, and nothing more if the guest moved; else acquire (when release was reached) and resume. Resume comes
 * also where pause failed, and then has to bear with a guest that was never stopped.
 * Destination: load for each section, acquire, resume, announce. It is not told to release: an acquire that fails, and a resume that returns
 * DP_NOT_ENTERED, let go of what was acquired before they return, since the source's acquire follows.
 *
 * The rules of memory: when `pause` has returned, no vCPU, device or back end writes guest memory, and every write that tracking does not see has
 * been marked. `save` may write guest memory (a device that flushes its queues); after the last nothing writes. `load` marks what it
 * writes.
 */
typedef struct dp_host {
    uint32_t struct_size;
    uint32_t section_count;
    const dp_section *sections;
    void *opaque;               /* first argument of every callback */
    /* Source. Stops the guest. */
    int32_t (*pause)(void *opaque, dp_step *step);
    /* Lets the guest run: on the destination after the handover, on the source after a migration that failed with the guest stopped. Returns when its
       vCPUs are being run. On both sides. */
    int32_t (*resume)(void *opaque, dp_step *step);
    /* Source, guest stopped. Writes the state of section number `section` with dp_write. May be NULL where there are no sections. */
    int32_t (*save)(void *opaque, dp_step *step, uint32_t section, dp_stream *out);
    /* Destination, before the guest runs. May be NULL where there are no sections. */
    int32_t (*load)(void *opaque, dp_step *step, uint32_t section, const void *state, uint64_t length);
    /* Source, before the handover: let go of what both sides cannot hold at once (disk locks, addresses). May be NULL. */
    int32_t (*release)(void *opaque, dp_step *step);
    /* Take what `release` let go of. May be NULL. */
    int32_t (*acquire)(void *opaque, dp_step *step);
    /* Destination, guest running: tell the network where it is now. May be NULL. */
    int32_t (*announce)(void *opaque, dp_step *step);
    /* Source: keep the vCPUs from running for `percent` of the time, 0 to 95. NULL: the VMM cannot, and DP_ON_STALL_THROTTLE is refused. */
    int32_t (*throttle)(void *opaque, dp_step *step, int32_t percent);
    /* By when the guest must run, where a hard limit was asked for: told before `pause` and the first `load`, and again when it has moved. Returns at
       once; its result is ignored. step->deadline_ns has the same. May be NULL. */
    int32_t (*deadline)(void *opaque, int64_t deadline_ns, int64_t left_us);
    /* Source, with DP_ON_STALL_ASK: asked after each pass while the passes stall; they go on meanwhile. DP_STALL_*, or a negative number. */
    int32_t (*stalled)(void *opaque, const dp_stall *stall);
    /* Source, with describe_device_state, when all is over and the guest runs: writes one JSON value that says what the saved state holds. May be NULL. */
    int32_t (*describe)(void *opaque, uint32_t section, const void *state, uint64_t length, dp_stream *json);
} dp_host;

DP_API int32_t dp_host_init(dp_host *host, uint32_t size);

/* Which side. */
#define DP_SIDE_UNKNOWN (-1)
#define DP_SIDE_SOURCE 0
#define DP_SIDE_DESTINATION 1

/* The question whose guest it is. All but the claimant names the question; the first claim is the answer, for ever and for everybody. */
typedef struct dp_claim {
    uint32_t struct_size;
    uint32_t attempt;           /* from 1 */
    uint8_t image[16];          /* the guest image: the same for every attempt to move one guest; bytes in the order they are written in text */
    int32_t turn;               /* 0; or 1 for the source's claim after a destination that had been awarded the guest has given it back */
    int32_t claimant;           /* DP_SIDE_* */
} dp_claim;

/*
 * Decides which side has a guest: a compare-and-set that is never undone and outlives both hosts. Both sides are given the same one. The destination
 * asks it in every migration, between load and acquire, so that its time is part of the blackout; the source when it hears nothing.
 */
typedef struct dp_arbiter {
    uint32_t struct_size;
    uint32_t reserved;
    const char *id;             /* the same text on both sides, 1 to 200 characters */
    void *opaque;
    /* Returns DP_SIDE_SOURCE or DP_SIDE_DESTINATION: whom the guest belongs to; or a negative number: not known, ask again. */
    int32_t (*decide)(void *opaque, const dp_claim *claim);
} dp_arbiter;

DP_API int32_t dp_arbiter_init(dp_arbiter *arbiter, uint32_t size);

/* One line without a line end, worth a log. Any thread of the library, also several at once. */
typedef void (*dp_log)(void *opaque, const char *line);

#include "dataplane_options.h"

/* ----------------------------------------------------------------------------------------------------------------------------- migrations */

/* One side of one migration. A second try takes a new one. */
typedef struct dp_migration dp_migration;

/* A bound and listening socket for destinations. Outlives failed migrations and strangers' connections. */
typedef struct dp_listener dp_listener;

/* "tcp:HOST:PORT", "tcp:[IPV6]:PORT" or "unix:PATH"; port 0 picks one. DP_E_CANNOT_CONNECT with the reason. Does not block. */
DP_API int32_t dp_listener_create(const char *address, dp_listener **listener);
/* The address in effect, with the port that was picked. Does not block; text as above. */
DP_API int32_t dp_listener_address(dp_listener *listener, char *text, uint64_t size, uint64_t *needed);
/* DP_E_BUSY while a migration waits on it. Removes the file of a UNIX socket. Does not block. */
DP_API int32_t dp_listener_destroy(dp_listener *listener);

/*
 * The side the guest leaves. `host` and its sections are copied; what `opaque` points to, `memory` and the parts of `dirty` must outlive it.
 * options NULL: defaults. DP_E_ARGUMENT names every fault of host and options; DP_E_BUSY where memory or a dirty part serves another migration.
 * Does not block.
 */
DP_API int32_t dp_source_create(
    dp_memory *memory, dp_dirty *const *dirty, uint32_t dirty_count, const dp_host *host, const dp_source_options *options, dp_migration **source);

/* The side the guest goes to. As dp_source_create. */
DP_API int32_t dp_destination_create(
    dp_memory *memory, const dp_host *host, const dp_destination_options *options, dp_migration **destination);

/*
 * Start a migration, once for each handle; the outcome comes with dp_wait or the poll descriptor. DP_E_SIGNAL_TAKEN where SIGRTMIN is not the
 * runtime's any more. Do not block.
 *
 * A destination waits for a source for as long as accept_timeout_us says, or takes, and goes on waiting where it has refused one or a source has gone before
 * the handshake was over: the log tells, and dp_cancel ends it.
 */
DP_API int32_t dp_source_start(dp_migration *source, const char *address);
DP_API int32_t dp_destination_start(dp_migration *destination, dp_listener *listener);

/*
 * The same over connected stream sockets (TCP or UNIX, socketpair(2) too): on the source the first for control and one for each data channel after
 * it; on the destination in any order. At least 2, at most 65. Taken over where 0 is returned: nobody else may use or close them, and all are
 * closed when the migration has ended. They stay the caller's where anything else is returned.
 */
DP_API int32_t dp_source_start_sockets(dp_migration *source, const int32_t *fds, uint32_t count);
DP_API int32_t dp_destination_start_sockets(dp_migration *destination, const int32_t *fds, uint32_t count);

/*
 * Blocks until the migration has ended, at most timeout_us; below 0: for ever. 0: completed, the guest runs on the destination. Else why it does not (the
 * result's error; dp_last_error has the sentence), or DP_E_NOT_READY where time ran out.
 */
DP_API int32_t dp_wait(dp_migration *migration, int64_t timeout_us);

/* Cancels before the handover; after it this has no effect and the outcome decides. Does not block; also from callbacks. */
DP_API int32_t dp_cancel(dp_migration *migration);

/* Source: the word to go on in pre-switchover. DP_E_ILLEGAL_TRANSITION where it does not wait. Does not block. */
DP_API int32_t dp_continue(dp_migration *source);

/* What can be changed while a migration runs; the meaning as in dp_source_options. */
typedef struct dp_source_update {
    uint32_t struct_size;
    int32_t on_timeout;
    int64_t downtime_limit_us;
    int64_t avail_switchover_bytes_per_second;
    int64_t timeout_us;
    int32_t on_stall;
    int32_t probe;
    int32_t pause_before_switchover;
    int32_t reserved;
} dp_source_update;

/* Fills in what is in effect. Does not block. */
DP_API int32_t dp_source_update_init(dp_migration *source, dp_source_update *update, uint32_t size);
/* Takes effect with the next pass; also before the start. DP_E_ARGUMENT, and nothing changed, where a value is out of its range. Does not block. */
DP_API int32_t dp_update(dp_migration *source, const dp_source_update *update);

/*
 * Settles a migration that ended with DP_E_OWNERSHIP_UNCERTAIN. DP_SIDE_UNKNOWN: asks the other side again, for handover_timeout_us; a destination has to
 * answer at its address, which one does for its own handover_timeout_us, and any that waits there with the same journal. Else the verdict
 * of somebody who has made sure that the other side is off and stays off: DP_SIDE_SOURCE or DP_SIDE_DESTINATION has the guest. Begins it and
 * does not block: dp_wait and the poll descriptor tell how it ended. As often as the outcome is uncertain; else DP_E_STATE.
 */
DP_API int32_t dp_settle(dp_migration *migration, int32_t told);

#define DP_STATUS_NONE 0        /* not started */
#define DP_STATUS_SETUP 1       /* connecting, handshake, populating */
#define DP_STATUS_ACTIVE 2      /* passes over memory while the guest runs */
#define DP_STATUS_PRE_SWITCHOVER 3 /* the guest stands and waits for dp_continue */
#define DP_STATUS_DEVICE 4      /* the guest stands; the last pages and the device state move */
#define DP_STATUS_COMPLETED 5   /* the guest runs on the destination */
#define DP_STATUS_FAILED 6      /* the guest is, or runs, on the source; but see DP_E_GUEST_LOST */
#define DP_STATUS_CANCELLING 7
#define DP_STATUS_CANCELLED 8   /* the guest runs on the source */
#define DP_STATUS_UNCERTAIN 9   /* somebody must say whose guest it is; paused here, held by this handle */

/* One move from a status to the next. */
typedef struct dp_event {
    uint32_t struct_size;
    int32_t kind;               /* DP_EVENT_* */
    int32_t from;               /* DP_STATUS_* */
    int32_t to;
    int64_t elapsed_us;         /* since this attempt began */
    uint32_t attempt;           /* from 1 */
    uint32_t reserved;
} dp_event;

#define DP_EVENT_NONE 0         /* nothing is left to tell */
#define DP_EVENT_STATUS 1       /* status has moved */
#define DP_EVENT_ENDED 2        /* it is over: dp_wait returns at once, dp_get_result has the outcome. The last, unless dp_settle goes on */

/*
 * A descriptor that is readable while there are events to fetch, for poll(2) and event loops. The library's; valid until the handle is destroyed; to be
 * polled only. Does not block.
 */
DP_API int32_t dp_poll_fd(dp_migration *migration, int32_t *fd);

/* The next event, oldest first; the last 1024 are kept. Kind DP_EVENT_NONE and 0 where there is none. Set event->struct_size. Does not block. */
DP_API int32_t dp_next_event(dp_migration *migration, dp_event *event);

/* A look at a migration. Rates in bytes per second; -1: not known. */
typedef struct dp_progress {
    uint32_t struct_size;
    int32_t status;             /* DP_STATUS_* */
    uint32_t attempt;           /* from 1 */
    uint32_t pass;              /* from 1; 0 before the first */
    int64_t elapsed_us;         /* since connect */
    int64_t total_bytes;        /* of guest RAM; 0 before the handshake */
    int64_t transferred_bytes;  /* on the data channels */
    int64_t remaining_bytes;    /* marked and not yet sent; -1 on the destination */
    int64_t bytes_per_second;
    int64_t dirty_bytes_per_second;
    int64_t expected_downtime_us; /* were the guest stopped now; low and high are two standard deviations away */
    int64_t low_downtime_us;
    int64_t high_downtime_us;
    int32_t throttle_percent;
    uint32_t channels;
} dp_progress;

/* Set progress->struct_size. Cheap; does not block; also from callbacks. */
DP_API int32_t dp_get_progress(dp_migration *migration, dp_progress *progress);
/* The same as one JSON object, with bytes per channel and the forecast in parts. Does not block; text as above. */
DP_API int32_t dp_progress_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed);

/* How it ended. -1: not known. All of it is in the JSON. */
typedef struct dp_result {
    uint32_t struct_size;
    int32_t status;             /* DP_STATUS_* */
    int32_t error;              /* DP_OK or why it did not complete */
    int32_t error_side;         /* DP_SIDE_*: who found that */
    uint32_t attempt;
    uint32_t passes;
    int64_t total_time_us;      /* from connect to the guest running on the destination */
    int64_t setup_time_us;
    int64_t downtime_us;        /* from the guest's last instruction to its first, without the wait for dp_continue and full verifying; the source knows it */
    int64_t expected_downtime_us; /* the forecast at the moment of the decision */
    int64_t limit_exceeded_us;  /* by how much the hard limit was missed; -1: it was kept, or there is none */
    int64_t ram_bytes;
    int64_t transferred_bytes;
    int64_t remaining_bytes;
    int64_t zero_pages;
    int64_t normal_pages;       /* sent with contents, again counted again */
    int64_t switchover_bytes_per_second;
    int64_t verified_pages;     /* compared one by one */
    int64_t mismatched_pages;
    int64_t discarded_pages;    /* left out, since their bit was set in the discard map: each as often as its turn came; the source's to know */
} dp_result;

/* DP_E_NOT_READY before the end. Set result->struct_size. Does not block. */
DP_API int32_t dp_get_result(dp_migration *migration, dp_result *result);
/* The whole result document, one JSON object: passes, channels, the blackout's breakdown on both sides. Does not block; text as above. */
DP_API int32_t dp_result_json(dp_migration *migration, char *text, uint64_t size, uint64_t *needed);

/* DP_E_BUSY while it runs: cancel and wait first. An uncertain outcome's record is let go of. Does not block. */
DP_API int32_t dp_migration_destroy(dp_migration *migration);

#ifdef __cplusplus
}
#endif

#include "dataplane_operator.h"

#endif
