/* dataplane_options.h - what the two sides are asked to do. Included by dataplane.h, whose rules hold here too. */
#ifndef DATAPLANE_OPTIONS_H
#define DATAPLANE_OPTIONS_H

#ifndef DATAPLANE_H
#error "Include dataplane.h; it includes this."
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define DP_COMPRESSION_NONE 0
#define DP_COMPRESSION_LZ4 1
#define DP_COMPRESSION_ZSTD 2
#define DP_COMPRESSION_AUTO 3

#define DP_INTEGRITY_HEADERS 0  /* headers, device state, compressed pages */
#define DP_INTEGRITY_PAGES 1    /* also every page */

#define DP_VERIFY_DIGEST 0      /* both sides agree on a digest of every frame header, on counts and the device state */
#define DP_VERIFY_FULL 1        /* every page is compared while both sides stand still; not counted as downtime */

#define DP_ON_TIMEOUT_CANCEL 0
#define DP_ON_TIMEOUT_FORCE 1   /* stop the guest and move what is left, however long it takes */

#define DP_ON_STALL_WAIT 0      /* go on, and stop the guest in the first moment in which the rest fits */
#define DP_ON_STALL_MINIMUM 1   /* stop it at a local minimum, though the blackout will be above the limit */
#define DP_ON_STALL_THROTTLE 2  /* slow it down until the rest fits: dp_host.throttle */
#define DP_ON_STALL_FORCE 3     /* stop it at once */
#define DP_ON_STALL_CANCEL 4    /* give up at once */
#define DP_ON_STALL_ASK 5       /* ask dp_host.stalled */

/* What earlier migrations of like guests between the same hosts have taught of the blackout's cost. For one migration at a time. */
typedef struct dp_costs dp_costs;
DP_API int32_t dp_costs_create(dp_costs **costs);
DP_API int32_t dp_costs_destroy(dp_costs *costs); /* DP_E_BUSY while a dp_migration that uses it exists */

/* What the source is asked to do. The default stands first. */
typedef struct dp_source_options {
    uint32_t struct_size;
    uint32_t channels;          /* 0: min(8, cores), at least 2. Data connections, 1 to 64, each with a thread on both sides */
    int32_t compression;        /* DP_COMPRESSION_NONE */
    uint32_t compress_threads;  /* 0: the channels' own threads compress */
    int32_t integrity;          /* DP_INTEGRITY_HEADERS */
    int32_t verify;             /* DP_VERIFY_DIGEST */
    int64_t downtime_limit_us;  /* 300000: the blackout aimed for */
    int64_t switchover_limit_us; /* -1: none. What may be added to it before the switchover is called off */
    int64_t avail_switchover_bytes_per_second; /* 0: measured. Bandwidth to count on in the blackout */
    int64_t max_bytes_per_second; /* 0: no cap. While the guest runs; at least 65536 */
    int64_t timeout_us;         /* one hour, for the whole */
    int32_t on_timeout;         /* DP_ON_TIMEOUT_CANCEL */
    int32_t on_stall;           /* DP_ON_STALL_WAIT */
    int32_t probe;              /* 0. 1: a burst before the stop checks the declared bandwidth */
    int32_t pause_before_switchover; /* 0. 1: wait with the guest stopped for dp_continue */
    int32_t describe_device_state; /* 0. 1: the result says what the saved state was made of */
    uint32_t retries;           /* 0: further attempts after one that was called off or broke; connections that do not come about are none */
    int64_t retain_us;          /* five minutes: for how long after a failure the destination is tried again */
    int64_t connect_timeout_us; /* 10 s */
    int64_t handshake_timeout_us; /* 10 s */
    int64_t idle_timeout_us;    /* 10 s without a sign of life: the peer counts as gone */
    int64_t handover_timeout_us; /* 30 s: how long PREPARED is waited for, beside the load times declared; and, after COMMIT, for word of the guest */
    const char *congestion;     /* NULL: auto. A TCP congestion control by name */
    const char *const *local_addresses; /* NULL: the system chooses. Addresses of this host to connect from */
    uint32_t local_address_count;
    uint32_t core_count;        /* 0: the scheduler chooses */
    const int32_t *cores;       /* CPU numbers: thread N of channels and of compressors is bound to cores[N % core_count] */
    const char *thread_prefix;  /* NULL: "dp". Threads are named PREFIX-send-N and PREFIX-pack-N; 1 to 7 bytes */
    const char *journal;        /* where the handover is recorded. NULL: a folder that only this user can read, such as /var/lib/dataplane/handover; "": nowhere */
    int32_t journal_sync;       /* 0. 1: flush each record to the disk before it counts */
    int32_t reserved;
    const char *arbiter_folder; /* NULL: none. A folder on storage that both hosts share, made with `dataplane handover arbiter` */
    const dp_arbiter *arbiter;  /* NULL: none. Not together with arbiter_folder */
    dp_costs *costs;            /* NULL: nothing is known beforehand */
    dp_log log;                 /* NULL: none */
    void *log_opaque;
} dp_source_options;

#define DP_MEMORY_UNMAPPED 0    /* may hold anything, and its page tables may be empty */
#define DP_MEMORY_FRESH 1       /* never written since it was made: zero pages need not be written */
#define DP_MEMORY_POPULATED 2   /* may hold anything; its page tables are set up */

/* What the destination is asked to do. The default stands first. */
typedef struct dp_destination_options {
    uint32_t struct_size;
    int32_t memory;             /* DP_MEMORY_UNMAPPED: what the memory holds before */
    int32_t populate;           /* 0. 1: set up the page tables of all memory first */
    uint32_t max_channels;      /* 64 */
    int64_t max_device_state_bytes; /* 256 MiB, over all sections */
    int64_t handshake_timeout_us; /* 10 s */
    int64_t idle_timeout_us;    /* 10 s */
    int64_t handover_timeout_us; /* 30 s: how long a lost source is waited for behind PREPARED; and how long one that has not heard that the guest runs here is answered */
    int64_t retain_us;          /* five minutes: for how long what arrived is kept for another attempt; 0: not at all */
    const char *congestion;     /* as dp_source_options */
    uint32_t reserved;
    uint32_t core_count;        /* as dp_source_options */
    const int32_t *cores;
    const char *thread_prefix;  /* NULL: "dp". Threads are named PREFIX-recv-N */
    const char *journal;        /* as dp_source_options */
    int32_t journal_sync;
    int32_t reserved2;
    const char *arbiter_folder;
    const dp_arbiter *arbiter;
    dp_log log;
    void *log_opaque;
    int64_t accept_timeout_us;  /* 0: as long as it takes. For how long a source is waited for, its handshake included; then DP_E_TIMEOUT */
} dp_destination_options;

DP_API int32_t dp_source_options_init(dp_source_options *options, uint32_t size);
DP_API int32_t dp_destination_options_init(dp_destination_options *options, uint32_t size);

#ifdef __cplusplus
}
#endif

#endif
