/*
 * Starting. Everything that would make the .NET runtime abort or hang is looked for before its first instruction: it has no way to say so itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "managed.h"
#include "process.h"

enum { NOT_STARTED, STARTED, IN_CHILD };

static atomic_int state = NOT_STARTED;
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static void (*runtimes_handler)(int, siginfo_t *, void *);

/* The last failure, for dp_last_error(NULL, ...) while there is no runtime to keep it; and whether that is why dp_init failed. */
static char refusal[640];
static atomic_int start_failed;

int32_t dp_put_text(const char *from, char *text, uint64_t size, uint64_t *needed)
{
    uint64_t length = strlen(from) + 1;
    if (needed != NULL)
        *needed = length;
    if (size > 0 && text == NULL)
        return DP_E_ARGUMENT;
    if (size > 0) {
        uint64_t fits = length <= size ? length : size;
        memcpy(text, from, fits);
        text[fits - 1] = '\0';
    }
    return length <= size ? DP_OK : DP_E_BUFFER;
}

static int32_t refuse(int32_t code, const char *sentence)
{
    snprintf(refusal, sizeof refusal, "%s", sentence);
    return code;
}

static int32_t check_signal(void)
{
    struct sigaction action;
    if (sigaction(SIGRTMIN, NULL, &action) != 0 || action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
        return DP_OK;
    return refuse(DP_E_SIGNAL_TAKEN,
        "This process handles SIGRTMIN (signal 34), which the .NET runtime of this library stops its threads with: one of the two would never get its signal. "
        "Let the host use another one (SIGUSR1, SIGRTMIN+1), or run the migration in a process of its own. A .NET program uses the package DataPlane instead of this library.");
}

static int32_t check_cpu(void)
{
#if defined(__x86_64__) && DP_CPU_LEVEL >= 3
    __builtin_cpu_init();
    const char *missing = !__builtin_cpu_supports("avx2") ? "AVX2" : !__builtin_cpu_supports("bmi2") ? "BMI2" : !__builtin_cpu_supports("fma") ? "FMA"
        : !__builtin_cpu_supports("lzcnt") ? "LZCNT" : NULL;
#if DP_CPU_LEVEL >= 4
    if (missing == NULL && !(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")))
        missing = "AVX-512";
#endif
    if (missing != NULL) {
        char sentence[320];
        snprintf(sentence, sizeof sentence,
            "This library was built for CPUs of the level x86-64-v%d, and this one lacks %s. Build it for this one with 'interop/build --cpu 1', or let the hypervisor show the "
            "guest that this process runs in a newer CPU.", DP_CPU_LEVEL, missing);
        return refuse(DP_E_CPU, sentence);
    }
#endif
    return DP_OK;
}

/* The runtime reserves five times its heap's limit and some more when it starts, and aborts where it may not. */
static int32_t check_space(void)
{
    const size_t bytes = (size_t)DP_HEAP_MIB * 5 * (1 << 20) + ((size_t)256 << 20);
    void *place = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) {
        munmap(place, bytes);
        return DP_OK;
    }
    int error = errno;
    struct rlimit locked = { 0, 0 }, space = { 0, 0 };
    getrlimit(RLIMIT_MEMLOCK, &locked);
    getrlimit(RLIMIT_AS, &space);
    char sentence[480];
    snprintf(sentence, sizeof sentence,
        "The library reserves %zu MiB of address space when it starts, and the kernel gives this process no more (%s). The limit on locked memory is %lld KiB, on address space %lld KiB "
        "(-1: none). Call dp_init before mlockall(MCL_FUTURE), or raise the limit that stands in the way (ulimit -l, ulimit -v).",
        bytes >> 20, strerror(error), locked.rlim_cur == RLIM_INFINITY ? -1LL : (long long)(locked.rlim_cur >> 10),
        space.rlim_cur == RLIM_INFINITY ? -1LL : (long long)(space.rlim_cur >> 10));
    return refuse(DP_E_OUT_OF_RESOURCES, sentence);
}

static void in_child(void)
{
    if (atomic_load(&state) == STARTED)
        atomic_store(&state, IN_CHILD);
}

static int32_t start(uint32_t abi_version)
{
    if (abi_version != DP_ABI_VERSION) {
        char sentence[160];
        snprintf(sentence, sizeof sentence, "The program was compiled for version %u of the library's binary interface, and this library has version %u. Compile it with this library's header.",
            abi_version, DP_ABI_VERSION);
        return refuse(DP_E_ABI, sentence);
    }
    int32_t code = check_cpu();
    if (code == DP_OK) code = check_signal();
    if (code == DP_OK) code = check_space();
    if (code == DP_OK && pthread_atfork(NULL, NULL, in_child) != 0)
        code = refuse(DP_E_OUT_OF_RESOURCES, "There is no memory left to start the library.");
    if (code == DP_OK) code = dpm_init();
    if (code != DP_OK)
        return code;
    struct sigaction action;
    if (sigaction(SIGRTMIN, NULL, &action) == 0)
        runtimes_handler = action.sa_sigaction;
    atomic_store(&state, STARTED);
    return DP_OK;
}

int32_t dp_init(uint32_t abi_version)
{
    int now = atomic_load(&state);
    if (now == STARTED && abi_version == DP_ABI_VERSION)
        return DP_OK;
    if (now == IN_CHILD)
        return dp_ready();
    pthread_mutex_lock(&starting);
    int32_t code = atomic_load(&state) == STARTED && abi_version == DP_ABI_VERSION ? DP_OK : start(abi_version);
    atomic_store(&start_failed, code != DP_OK);
    pthread_mutex_unlock(&starting);
    return code;
}

int32_t dp_refused(int32_t code, const char *sentence)
{
    if (atomic_load_explicit(&state, memory_order_acquire) == STARTED)
        dpm_refused(code, sentence);
    else
        refuse(code, sentence);
    return code;
}

int32_t dp_ready(void)
{
    switch (atomic_load_explicit(&state, memory_order_acquire)) {
    case STARTED:
        return DP_OK;
    case IN_CHILD:
        return refuse(DP_E_FORKED, "This process is a child of fork: the library's threads stayed with the parent, and nothing but exec works here.");
    default:
        if (!atomic_load(&start_failed))
            refuse(DP_E_NOT_INITIALISED, "The library has not been started: call dp_init(DP_ABI_VERSION) first.");
        return DP_E_NOT_INITIALISED;
    }
}

int32_t dp_ready_to_run(void)
{
    int32_t code = dp_ready();
    if (code != DP_OK)
        return code;
    struct sigaction action;
    if (sigaction(SIGRTMIN, NULL, &action) == 0 && action.sa_sigaction == runtimes_handler)
        return DP_OK;
    const char *sentence =
        "SIGRTMIN (signal 34) was the .NET runtime's and has been taken from it since dp_init: a migration would hang. Install the host's handlers for another signal "
        "(SIGUSR1, SIGRTMIN+1).";
    return dp_refused(DP_E_SIGNAL_TAKEN, sentence);
}

int32_t dp_check_host(char *text, uint64_t size, uint64_t *needed)
{
    int32_t code = dp_ready();
    if (code == DP_OK) {
        code = dp_ready_to_run();
        if (code == DP_OK)
            return dpm_check_host(text, size, needed);
        dpm_last_error(NULL, text, size, needed);
        return code;
    }
    if (atomic_load(&state) == NOT_STARTED) {
        int32_t found = check_cpu();
        if (found == DP_OK) found = check_signal();
        if (found == DP_OK) found = check_space();
        code = found != DP_OK ? found : code;
    }
    dp_put_text(refusal, text, size, needed);
    return code;
}

int32_t dp_last_error(const void *handle, char *text, uint64_t size, uint64_t *needed)
{
    return atomic_load_explicit(&state, memory_order_acquire) == STARTED ? dpm_last_error(handle, text, size, needed) : dp_put_text(refusal, text, size, needed);
}
