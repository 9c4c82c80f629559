/*
 * A host that uses SIGRTMIN, which the .NET runtime needs: "before" dp_init, or "after" it; a "fork"ed child; little address "space"; a program of
 * another "abi"; "unload"ing. Each is refused with its code and goes on.
 */
#include "support.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char text[2048];

static void on_signal(int signal)
{
    (void)signal;
}

static void take_signal(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    CHECK(sigaction(SIGRTMIN, &action, NULL) == 0);
}

static void refused_start(void)
{
    EXPECT(DP_E_SIGNAL_TAKEN, dp_init(DP_ABI_VERSION));
    EXPECT(DP_E_SIGNAL_TAKEN, dp_check_host(text, sizeof text, NULL));
    CHECK(strstr(text, "SIGRTMIN") != NULL);
    EXPECT(DP_E_NOT_INITIALISED, dp_memory_create(&(dp_memory *){ NULL }));
    signal(SIGRTMIN, SIG_DFL);
    MUST(dp_init(DP_ABI_VERSION)); /* given back, it starts */
}

static void taken_later(void)
{
    unsigned char *ram = map_memory(4096);
    MUST(dp_init(DP_ABI_VERSION));
    MUST(dp_check_host(text, sizeof text, NULL));
    dp_host host = idle_host(NULL);
    dp_migration *source;
    dp_memory *memory = memory_of(ram, 4096);
    MUST(dp_source_create(memory, NULL, 0, &host, NULL, &source));
    take_signal();
    EXPECT(DP_E_SIGNAL_TAKEN, dp_source_start(source, "tcp:127.0.0.1:1"));
    MUST(dp_last_error(NULL, text, sizeof text, NULL));
    CHECK(strstr(text, "SIGRTMIN") != NULL);
    EXPECT(DP_E_SIGNAL_TAKEN, dp_check_host(text, sizeof text, NULL));
}

static void forked(void)
{
    MUST(dp_init(DP_ABI_VERSION));
    pid_t child = fork();
    if (child == 0) {
        int32_t made = dp_memory_create(&(dp_memory *){ NULL }), started = dp_init(DP_ABI_VERSION);
        _exit(made == DP_E_FORKED && started == DP_E_FORKED ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    MUST(dp_memory_create(&(dp_memory *){ NULL })); /* the parent has not noticed */
}

static void little_space(void)
{
    struct rlimit little = { (rlim_t)512 << 20, RLIM_INFINITY };
    CHECK(setrlimit(RLIMIT_AS, &little) == 0);
    EXPECT(DP_E_OUT_OF_RESOURCES, dp_init(DP_ABI_VERSION));
    MUST(dp_last_error(NULL, text, sizeof text, NULL));
    CHECK(strstr(text, "ulimit") != NULL);
    little.rlim_cur = RLIM_INFINITY;
    CHECK(setrlimit(RLIMIT_AS, &little) == 0);
    MUST(dp_init(DP_ABI_VERSION));
}

static void unload(void)
{
    MUST(dp_init(DP_ABI_VERSION));
    void *library = dlopen("libdataplane.so.0", RTLD_NOW);
    CHECK(library != NULL && dlclose(library) == 0 && dlclose(library) == 0);
    sleep(1); /* what would be unmapped is run by the runtime's threads by now */
    MUST(dp_memory_create(&(dp_memory *){ NULL }));
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    if (strcmp(what, "before") == 0) take_signal(), refused_start();
    else if (strcmp(what, "after") == 0) taken_later();
    else if (strcmp(what, "fork") == 0) forked();
    else if (strcmp(what, "space") == 0) little_space();
    else if (strcmp(what, "unload") == 0) unload();
    else if (strcmp(what, "abi") == 0) EXPECT(DP_E_ABI, dp_init(DP_ABI_VERSION + 1));
    else return 2;
    puts("ok");
    return 0;
}
