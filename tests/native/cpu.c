/*
 * dp_init on a CPU that lacks something: the C side's start with a CPU that says it has no BMI2, and with C# functions that must not be reached.
 */
#define __builtin_cpu_supports(name) (__builtin_strcmp(name, "bmi2") != 0)
#define DP_CPU_LEVEL 3
#define DP_HEAP_MIB 512
#include "process.c"

#include <stdlib.h>

int32_t dpm_init(void)
{
    abort(); /* the runtime: on such a CPU its start would end the process */
}

int32_t dpm_check_host(char *text, uint64_t size, uint64_t *needed)
{
    (void)text, (void)size, (void)needed;
    abort();
}

int32_t dpm_last_error(const void *handle, char *text, uint64_t size, uint64_t *needed)
{
    (void)handle, (void)text, (void)size, (void)needed;
    abort();
}

void dpm_refused(int32_t code, const char *sentence)
{
    (void)code, (void)sentence;
    abort();
}

int main(void)
{
    char text[640];
    if (dp_init(DP_ABI_VERSION) != DP_E_CPU || dp_ready() != DP_E_NOT_INITIALISED) return 1;
    if (dp_check_host(text, sizeof text, NULL) != DP_E_CPU) return 2;
    if (dp_last_error(NULL, text, sizeof text, NULL) != DP_OK || strstr(text, "BMI2") == NULL || strstr(text, "--cpu 1") == NULL) return 3;
    puts("ok");
    return 0;
}
