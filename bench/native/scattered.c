/*
 * What a final pass costs at least: a memory sent whole, and then single pages of it that lie far from each other, by the same connections.
 * No scan, no bitmap, no acknowledgements; frames as a migration has them, a header for the pages of each 2 MiB, 64 of them to a call.
 *
 *   scattered SOURCE DESTINATION BYTES CHANNELS SCATTERED_BYTES
 *
 * SOURCE and DESTINATION are files of BYTES, whose page tables are set up first. Sends all, then SCATTERED_BYTES in pages spread evenly, seven times, each
 * time other pages. Ends with one JSON line: bytes per second of the whole memory and of the scattered pages (the median).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

enum { PAGE = 4096, STRIPE = 2 << 20, HEADER = 168, FRAMES = 64, CHUNK = 512 << 10, MAX_CHANNELS = 16, ROUNDS = 7, MAX_PIECES = 1024 };

/* Both processes': each round begins when `round` says so, and ends when every channel has noted its end. */
struct shared {
    volatile int round, ready, ended[MAX_CHANNELS];
    volatile double end[MAX_CHANNELS];
};

struct channel {
    int number, out, in;
    pthread_t thread;
};

static struct shared *shared;
static struct channel channels[MAX_CHANNELS];
static char *memory;
static long bytes;
static int channel_count, pages_of_frame, round_now;

static void need(int ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static char *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    need(fd >= 0, path);
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    need(at != MAP_FAILED, "mmap");
    need(madvise(at, bytes, MADV_POPULATE_WRITE) == 0, "MADV_POPULATE_WRITE");
    close(fd);
    return at;
}

/* All of the pieces, one way or the other. */
static void move(int fd, struct iovec *pieces, int count, int sending)
{
    while (count > 0) {
        struct msghdr message = { .msg_iov = pieces, .msg_iovlen = count };
        ssize_t moved = sending ? sendmsg(fd, &message, MSG_NOSIGNAL) : recvmsg(fd, &message, 0);
        need(moved > 0, sending ? "sendmsg" : "recvmsg");
        for (; count > 0 && (size_t)moved >= pieces->iov_len; pieces++, count--)
            moved -= pieces->iov_len;
        if (count > 0) {
            pieces->iov_base = (char *)pieces->iov_base + moved;
            pieces->iov_len -= moved;
        }
    }
}

static char *page(long stripe, int number, int round)
{
    int apart = STRIPE / PAGE / pages_of_frame;
    return memory + stripe * STRIPE + ((long)number * apart + round * 13 % apart) * PAGE;
}

static void move_whole(struct channel *channel, int sending)
{
    long share = bytes / channel_count;
    for (long at = 0; at < share; at += CHUNK) {
        struct iovec piece = { memory + channel->number * share + at, CHUNK };
        move(sending ? channel->out : channel->in, &piece, 1, sending);
    }
}

/* A sender puts many frames into a call; a receiver has to read a frame's header before it knows where its pages go. */
static void move_scattered(struct channel *channel, int round, int sending)
{
    char headers[FRAMES][HEADER] = { { 0 } };
    struct iovec pieces[MAX_PIECES];
    int count = 0, frames = 0, most = sending ? FRAMES : 1;
    if (!sending)
        move(channel->in, &(struct iovec){ headers[0], HEADER }, 1, 0);
    for (long stripe = channel->number; stripe < bytes / STRIPE; stripe += channel_count) {
        if (sending)
            pieces[count++] = (struct iovec){ headers[frames], HEADER };
        for (int i = 0; i < pages_of_frame; i++)
            pieces[count++] = (struct iovec){ page(stripe, i, round), PAGE };
        if (!sending && stripe + channel_count < bytes / STRIPE)
            pieces[count++] = (struct iovec){ headers[0], HEADER };
        if (++frames < most && count + pages_of_frame < MAX_PIECES)
            continue;
        move(sending ? channel->out : channel->in, pieces, count, sending);
        count = frames = 0;
    }
    move(channel->out, pieces, count, sending);
}

static void *send_round(void *argument)
{
    struct channel *channel = argument;
    if (round_now == 0)
        move_whole(channel, 1);
    else
        move_scattered(channel, round_now, 1);
    return NULL;
}

static void *receive_rounds(void *argument)
{
    struct channel *channel = argument;
    for (int round = 0; round <= ROUNDS; round++) {
        if (round == 0)
            move_whole(channel, 0);
        else
            move_scattered(channel, round, 0);
        shared->end[channel->number] = seconds();
        __atomic_store_n(&shared->ended[channel->number], round + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static double time_of_round(int round)
{
    round_now = round;
    double start = seconds(), end = start;
    for (int i = 0; i < channel_count; i++)
        need(pthread_create(&channels[i].thread, NULL, send_round, &channels[i]) == 0, "pthread_create");
    for (int i = 0; i < channel_count; i++) {
        pthread_join(channels[i].thread, NULL);
        while (__atomic_load_n(&shared->ended[i], __ATOMIC_ACQUIRE) <= round)
            usleep(100);
        end = shared->end[i] > end ? shared->end[i] : end;
    }
    return end - start;
}

static void connect_channels(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    need(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, MAX_CHANNELS) == 0, "listen");
    need(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
    for (int i = 0; i < channel_count; i++) {
        channels[i].number = i;
        channels[i].out = socket(AF_INET, SOCK_STREAM, 0);
        need(setsockopt(channels[i].out, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) == 0, "cubic");
        need(connect(channels[i].out, (struct sockaddr *)&address, size) == 0, "connect");
        need((channels[i].in = accept(listener, NULL, NULL)) >= 0, "accept");
    }
}

static int ascending(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **words)
{
    need(count == 6, "usage: scattered SOURCE DESTINATION BYTES CHANNELS SCATTERED_BYTES");
    bytes = atol(words[3]);
    channel_count = atoi(words[4]);
    pages_of_frame = atol(words[5]) / PAGE / (bytes / STRIPE);
    need(channel_count > 0 && channel_count <= MAX_CHANNELS && bytes % ((long)STRIPE * channel_count) == 0, "channels and bytes");
    need(pages_of_frame > 0 && pages_of_frame <= 12, "1 to 12 pages in each 2 MiB");
    shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    connect_channels();
    pid_t receiver = fork();
    memory = map(words[receiver == 0 ? 2 : 1]);
    if (receiver == 0) {
        shared->ready = 1;
        for (int i = 0; i < channel_count; i++)
            need(pthread_create(&channels[i].thread, NULL, receive_rounds, &channels[i]) == 0, "pthread_create");
        for (int i = 0; i < channel_count; i++)
            pthread_join(channels[i].thread, NULL);
        return 0;
    }
    while (!shared->ready)
        usleep(1000);
    double whole = time_of_round(0), times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        times[i] = time_of_round(i + 1);
    qsort(times, ROUNDS, sizeof times[0], ascending);
    waitpid(receiver, NULL, 0);
    long scattered = bytes / STRIPE * pages_of_frame * PAGE;
    printf("{\"whole\": %.0f, \"scattered\": %.0f}\n", bytes / whole, scattered / times[ROUNDS / 2]);
    return 0;
}
