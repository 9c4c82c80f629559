/*
 * The yardstick of a migration: one process sends a memory, another receives it, by blocking calls and nothing around them.
 * No frames, no scan, no bitmap, no acknowledgements. A thread and a connection for each channel, each with its share of the memory.
 *
 *   pair recv ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION]     says "listening on ADDR" on standard output
 *   pair send ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION]
 *
 * ADDR is unix:PATH or tcp:PORT on the loopback (0 picks one). "touched": page tables are set up first. Each ends with one JSON line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

enum { MAX_CHANNELS = 64, HUGE_PAGE = 2 << 20, CHUNK = 512 << 10, LONGEST_RUN_S = 180 };

struct channel {
    int fd;
    char *at;
    long length;
    pthread_t thread;
};

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
    int fd = open(path, O_RDWR | O_CLOEXEC);
    need(fd >= 0, path);
    char *place = mmap(NULL, bytes + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(place != MAP_FAILED, "mmap");
    char *memory = (char *)(((unsigned long)place + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1UL));
    memory = mmap(memory, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    need(memory != MAP_FAILED, "mmap");
    if (touched)
        need(madvise(memory, bytes, MADV_POPULATE_WRITE) == 0, "MADV_POPULATE_WRITE");
    return memory;
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

static void *send_all(void *argument)
{
    struct channel *channel = argument;
    char end;
    for (long done = 0; done < channel->length;) {
        long left = channel->length - done;
        long sent = send(channel->fd, channel->at + done, left < CHUNK ? left : CHUNK, 0);
        need(sent > 0, "send");
        done += sent;
    }
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
    need(count >= 7, "usage: pair send|recv ADDR FILE BYTES CHANNELS touched|mapped [CONGESTION]");
    int sends = strcmp(words[1], "send") == 0, channels = atoi(words[5]);
    long bytes = atol(words[4]), share = bytes / channels / CHUNK * CHUNK;
    need(channels >= 1 && channels <= MAX_CHANNELS && share > 0, "BYTES and CHANNELS");
    char *memory = map(words[3], bytes, strcmp(words[6], "touched") == 0);
    struct channel all[MAX_CHANNELS];
    struct sockaddr_storage address;
    socklen_t size = address_of(words[2], &address);
    const char *congestion = count > 7 ? words[7] : NULL;
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
