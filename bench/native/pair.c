/*
 * The yardstick of a migration: one process sends a memory, another receives it, by blocking calls and nothing around them.
 * No frames, no scan, no bitmap, no acknowledgements. A thread and a connection for each channel, each with its share of the memory.
 *
 *   pair recv ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION]     says "listening on ADDR" on standard output
 *   pair send ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION [WAY]]
 *
 * ADDR is unix:PATH or tcp:PORT on the loopback (0 picks one). "touched": page tables are set up first. Each ends with one JSON line.
 * WAY, of sending: copy (send), splice (references to pages by vmsplice and splice), sendfile, zerocopy (MSG_ZEROCOPY, which needs memory that may be locked).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

enum { MAX_CHANNELS = 64, HUGE_PAGE = 2 << 20, CHUNK = 512 << 10, PIPE = 256 << 10, LONGEST_RUN_S = 180 };

struct channel {
    int fd;
    char *at;
    long length;
    pthread_t thread;
    int pipe[2];     /* splice */
    long unreported; /* zerocopy: sends whose pages the kernel still has */
};

static char *memory;
static int file;

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "pair: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* On a border of 2 MiB, as the kernel wants it where the file has huge pages. */
static char *map(const char *path, long bytes, int touched)
{
    int fd = file = open(path, O_RDWR | O_CLOEXEC);
    need(fd >= 0, path);
    char *place = mmap(NULL, bytes + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(place != MAP_FAILED, "mmap");
    char *start = (char *)(((unsigned long)place + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1UL));
    start = mmap(start, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    need(start != MAP_FAILED, "mmap");
    if (touched)
        need(madvise(start, bytes, MADV_POPULATE_WRITE) == 0, "MADV_POPULATE_WRITE");
    return start;
}

static socklen_t address_of(const char *text, struct sockaddr_storage *address)
{
    memset(address, 0, sizeof *address);
    if (strncmp(text, "unix:", 5) == 0) {
        struct sockaddr_un *un = (struct sockaddr_un *)address;
        un->sun_family = AF_UNIX;
        snprintf(un->sun_path, sizeof un->sun_path, "%s", text + 5);
        return sizeof *un;
    }
    struct sockaddr_in *in = (struct sockaddr_in *)address;
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in->sin_port = htons((unsigned short)atoi(text + strlen("tcp:")));
    return sizeof *in;
}

/* Accepted sockets have their listener's congestion control. */
static int new_socket(const struct sockaddr_storage *address, const char *congestion)
{
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    need(fd >= 0, "socket");
    if (address->ss_family == AF_INET && congestion)
        need(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion, strlen(congestion)) == 0, congestion);
    return fd;
}

static long by_copy(struct channel *channel, char *at, long length)
{
    return send(channel->fd, at, length, 0);
}

static long by_splice(struct channel *channel, char *at, long length)
{
    if (channel->pipe[1] == 0)
        need(pipe2(channel->pipe, O_CLOEXEC) == 0 && fcntl(channel->pipe[1], F_SETPIPE_SZ, PIPE) >= 0, "pipe");
    struct iovec piece = { at, length };
    long filled = vmsplice(channel->pipe[1], &piece, 1, 0);
    for (long left = filled; left > 0;) {
        long sent = splice(channel->pipe[0], NULL, channel->fd, NULL, left, filled < length ? SPLICE_F_MORE : 0);
        need(sent > 0, "splice");
        left -= sent;
    }
    return filled;
}

static long by_sendfile(struct channel *channel, char *at, long length)
{
    off_t offset = at - memory;
    return sendfile(channel->fd, file, &offset, length);
}

/* Takes the reports that are there; with `all` waits for the rest. */
static void take_reports(struct channel *channel, int all)
{
    while (channel->unreported > 0) {
        char room[128];
        struct msghdr message = { .msg_control = room, .msg_controllen = sizeof room };
        if (recvmsg(channel->fd, &message, MSG_ERRQUEUE) < 0) {
            if (!all)
                return;
            struct pollfd wait = { .fd = channel->fd };
            need(errno == EAGAIN && poll(&wait, 1, 1000) >= 0, "MSG_ERRQUEUE");
            continue;
        }
        struct sock_extended_err *report = (struct sock_extended_err *)CMSG_DATA(CMSG_FIRSTHDR(&message));
        channel->unreported -= report->ee_data - report->ee_info + 1;
    }
}

static long by_zerocopy(struct channel *channel, char *at, long length)
{
    int on = 1;
    if (channel->unreported == 0)
        need(setsockopt(channel->fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on) == 0, "SO_ZEROCOPY");
    long sent = send(channel->fd, at, length, MSG_ZEROCOPY);
    channel->unreported += sent > 0;
    take_reports(channel, 0);
    return sent;
}

static long (*way)(struct channel *, char *, long) = by_copy;

static void choose_way(const char *name)
{
    way = strcmp(name, "splice") == 0 ? by_splice : strcmp(name, "sendfile") == 0 ? by_sendfile : strcmp(name, "zerocopy") == 0 ? by_zerocopy : by_copy;
}

static void *send_all(void *argument)
{
    struct channel *channel = argument;
    char end;
    for (long done = 0; done < channel->length;) {
        long left = channel->length - done;
        long sent = way(channel, channel->at + done, left < CHUNK ? left : CHUNK);
        need(sent > 0, "send");
        done += sent;
    }
    take_reports(channel, 1);
    /* The other end closes when it has all of it. */
    need(shutdown(channel->fd, SHUT_WR) == 0 && read(channel->fd, &end, 1) == 0, "the end");
    return NULL;
}

static void *receive_all(void *argument)
{
    struct channel *channel = argument;
    for (long done = 0; done < channel->length;) {
        long left = channel->length - done;
        long got = recv(channel->fd, channel->at + done, left < CHUNK ? left : CHUNK, MSG_WAITALL);
        need(got > 0, "recv");
        done += got;
    }
    close(channel->fd);
    return NULL;
}

static double cpu(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words)
{
    need(count >= 7, "usage: pair send|recv ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION [WAY]]");
    int sends = strcmp(words[1], "send") == 0, channels = atoi(words[5]);
    long bytes = atol(words[4]), share = bytes / channels / CHUNK * CHUNK;
    need(channels >= 1 && channels <= MAX_CHANNELS && share > 0, "BYTES and CHANNELS");
    memory = map(words[3], bytes, strcmp(words[6], "touched") == 0);
    struct channel all[MAX_CHANNELS] = { 0 };
    struct sockaddr_storage address;
    socklen_t size = address_of(words[2], &address);
    const char *congestion = count > 7 ? words[7] : NULL;
    if (count > 8)
        choose_way(words[8]);
    int door = new_socket(&address, congestion);
    alarm(LONGEST_RUN_S);
    if (!sends) {
        need(bind(door, (struct sockaddr *)&address, size) == 0 && listen(door, MAX_CHANNELS) == 0, "listen");
        need(getsockname(door, (struct sockaddr *)&address, &size) == 0, "getsockname");
        if (address.ss_family == AF_UNIX) printf("listening on %s\n", words[2]);
        else printf("listening on tcp:%d\n", ntohs(((struct sockaddr_in *)&address)->sin_port));
        fflush(stdout);
    }
    for (int i = 0; i < channels; i++) {
        all[i].fd = !sends ? accept(door, NULL, NULL) : i == 0 ? door : new_socket(&address, congestion);
        need(all[i].fd >= 0, "accept");
        if (sends) need(connect(all[i].fd, (struct sockaddr *)&address, size) == 0, "connect");
        all[i].at = memory + i * share;
        all[i].length = i < channels - 1 ? share : bytes - i * share;
    }
    double began = now(), spent = cpu();
    for (int i = 0; i < channels; i++)
        need(pthread_create(&all[i].thread, NULL, sends ? send_all : receive_all, &all[i]) == 0, "pthread_create");
    for (int i = 0; i < channels; i++)
        pthread_join(all[i].thread, NULL);
    printf("{\"bytes\": %ld, \"seconds\": %.6f, \"cpu\": %.6f}\n", bytes, now() - began, cpu() - spent);
    return 0;
}
