/* What the main thread waits for: Ctrl-C, time, and the library. */
#ifndef VMM_EVENTS_H
#define VMM_EVENTS_H

enum event { EVENT_TIME, EVENT_INTERRUPT, EVENT_READY };

/* From here on SIGINT and SIGTERM are events. Before any thread is made, as threads inherit what is blocked. */
void events_prepare(void);

/* Waits until `fd` can be read (-1: for none), so many seconds have passed (negative: for ever), or an interrupt comes. */
enum event events_wait(int fd, double seconds);

#endif
