#include "events.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "fail.h"
#include "pace.h"

static int signals = -1;

void events_prepare(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signals = signalfd(-1, &set, SFD_CLOEXEC);
    if (signals < 0)
        die(EXIT_RESOURCES, "signalfd: %s", strerror(errno));
}

enum event events_wait(int fd, double seconds)
{
    struct pollfd entries[] = { { .fd = signals, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
    int64_t until = now_ns() + (int64_t)(seconds * 1e9);
    for (;;) {
        int64_t left = until - now_ns();
        if (seconds >= 0 && left <= 0)
            return EVENT_TIME;
        if (poll(entries, 2, seconds < 0 ? -1 : (int)((left + 999999) / 1000000)) <= 0)
            continue;
        if (entries[0].revents != 0) {
            struct signalfd_siginfo taken;
            if (read(signals, &taken, sizeof taken) > 0)
                return EVENT_INTERRUPT;
        }
        if (entries[1].revents != 0)
            return EVENT_READY;
    }
}
