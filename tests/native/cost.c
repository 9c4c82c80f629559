/* What the library costs a process: loading it, dp_init, dp_prepare; each with its time, resident memory, address space and threads. Not linked: loads it itself. */
#include "support.h"

#include <dirent.h>
#include <dlfcn.h>

static void report(const char *step, double began)
{
    double ms = (now() - began) * 1000;
    long size = 0, resident = 0;
    int threads = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%ld %ld", &size, &resident) == 2);
    fclose(file);
    DIR *tasks = opendir("/proc/self/task");
    while (readdir(tasks) != NULL) threads++;
    closedir(tasks);
    printf("%-12s %8.2f ms, resident %6ld KiB, address space %8ld KiB, threads %d\n", step, ms, resident * 4, size * 4, threads - 2);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    double began = now();
    report("before", began);
    void *library = dlopen("libdataplane.so.0", RTLD_NOW);
    CHECK(library != NULL);
    int32_t (*init)(uint32_t);
    int32_t (*prepare)(int64_t);
    *(void **)&init = dlsym(library, "dp_init"); /* what POSIX has for it; C has no cast from an object to a function */
    *(void **)&prepare = dlsym(library, "dp_prepare");
    report("dlopen", began);
    began = now();
    CHECK(init(DP_ABI_VERSION) == DP_OK);
    report("dp_init", began);
    began = now();
    CHECK(prepare(20000000) == DP_OK);
    report("dp_prepare", began);
    began = now();
    CHECK(prepare(20000000) == DP_OK);
    report("again", began);
    sleep(30);
    report("30 s later", began);
    return 0;
}
