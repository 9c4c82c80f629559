#include "outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "events.h"
#include "fail.h"

#define MIB 1048576.0

int outcome_exit_code(int32_t result)
{
    switch (result) {
    case DP_OK: return EXIT_DONE;
    case DP_E_ARGUMENT: return EXIT_USAGE; /* most of what is passed in stems from the command line */
    case DP_E_CANNOT_CONNECT: return EXIT_CANNOT_CONNECT;
    case DP_E_PROTOCOL_VIOLATION: return EXIT_CORRUPT_STREAM;
    case DP_E_LIMIT_MISSED: return EXIT_LIMIT_MISSED;
    case DP_E_VERIFY_MISMATCH: return EXIT_DIFFERENT_MEMORY;
    case DP_E_OWNERSHIP_UNCERTAIN:
    case DP_E_GUEST_LOST: return EXIT_UNCERTAIN;
    case DP_E_OUT_OF_RESOURCES: return EXIT_RESOURCES;
    default: return EXIT_FAILED;
    }
}

static void show_progress(dp_migration *migration)
{
    dp_progress progress = { .struct_size = sizeof progress };
    if (dp_get_progress(migration, &progress) != DP_OK || progress.pass == 0)
        return;
    fprintf(stderr, "pass %u: %.0f MiB of %.0f MiB sent", progress.pass, (double)progress.transferred_bytes / MIB, (double)progress.total_bytes / MIB);
    if (progress.expected_downtime_us >= 0)
        fprintf(stderr, ", stopped now the guest would stand for %.1f ms", (double)progress.expected_downtime_us / 1e3);
    fputc('\n', stderr);
}

/* Takes what has happened. True when the migration has ended. */
static bool take_events(dp_migration *migration)
{
    dp_event event = { .struct_size = sizeof event };
    while (dp_next_event(migration, &event) == DP_OK && event.kind != DP_EVENT_NONE)
        if (event.kind == DP_EVENT_ENDED)
            return true;
    return false;
}

/* A text of the library, whole: asked for its length first. To be freed. */
static char *result_document(dp_migration *migration)
{
    uint64_t needed = 0;
    dp_result_json(migration, NULL, 0, &needed);
    char *text = malloc(needed);
    if (text == NULL || dp_result_json(migration, text, needed, NULL) != DP_OK) {
        free(text);
        return NULL;
    }
    return text;
}

static const char *whose_guest(const dp_result *outcome)
{
    if (outcome->error == DP_E_GUEST_LOST)
        return "failed: the destination had taken the guest, and lost it";
    switch (outcome->status) {
    case DP_STATUS_COMPLETED: return "completed: the guest moved to the destination";
    case DP_STATUS_UNCERTAIN: return "uncertain: only an operator can say which side has the guest";
    case DP_STATUS_CANCELLED: return "cancelled: the guest stayed on the source";
    default: return "failed: the guest stayed on the source";
    }
}

static void tell_in_words(dp_migration *migration)
{
    dp_result outcome = { .struct_size = sizeof outcome };
    if (dp_get_result(migration, &outcome) != DP_OK)
        return;
    printf("%s\n", whose_guest(&outcome));
    if (outcome.total_time_us >= 0 && outcome.transferred_bytes >= 0)
        printf("total %.0f ms, %.0f MiB on the wire\n", (double)outcome.total_time_us / 1e3, (double)outcome.transferred_bytes / MIB);
    if (outcome.downtime_us >= 0) /* known to the source, as it has both ends of it */
        printf("%u passes, then a blackout of %.2f ms; %.2f ms were expected\n", outcome.passes, (double)outcome.downtime_us / 1e3,
               (double)outcome.expected_downtime_us / 1e3);
    if (outcome.verified_pages > 0)
        printf("verified: %" PRId64 " pages compared, %" PRId64 " differ\n", outcome.verified_pages, outcome.mismatched_pages);
}

int outcome_of_failure(const dp_migration *migration, int32_t result)
{
    char sentence[2048] = "";
    dp_last_error(migration, sentence, sizeof sentence, NULL);
    fprintf(stderr, "vmm: %s\n", sentence[0] != '\0' ? sentence : dp_strerror(result));
    return outcome_exit_code(result);
}

int outcome_await(dp_migration *migration, bool json)
{
    int fd = -1;
    bool interrupted = false;
    dp_poll_fd(migration, &fd);
    for (bool ended = false; !ended;) {
        switch (events_wait(fd, 1)) {
        case EVENT_READY: ended = take_events(migration); break;
        case EVENT_TIME: show_progress(migration); break;
        case EVENT_INTERRUPT:
            interrupted = true;
            dp_cancel(migration); /* has no effect once the guest is given away: then the outcome decides */
            break;
        }
    }

    int32_t result = dp_wait(migration, 0);
    if (result != DP_OK)
        outcome_of_failure(migration, result);
    char *document = json ? result_document(migration) : NULL;
    if (document != NULL)
        puts(document);
    else
        tell_in_words(migration);
    fflush(stdout);
    free(document);
    return interrupted && result == DP_E_CANCELLED ? EXIT_INTERRUPTED : outcome_exit_code(result);
}
