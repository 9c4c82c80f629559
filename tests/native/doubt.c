/*
 * The link goes down for everybody just as the guest is given away: neither side can tell who has it. How that ends: by asking again when the link is
 * there ("ask"), by the verdict of somebody who knows that the other side is off ("source", "destination"), or by an arbiter that both were given ("arbiter").
 * In every case one side runs the guest and never two.
 */
#include "support.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#define LENGTH ((size_t)4 << 20)
#define PREAMBLE 64
#define COMMIT 12
#define MOST_LANES 64

/* A relay of one direction each; the first lane's messages are looked at, and COMMIT is where the link breaks. */
struct lane { int in, out, looked_at; };

static struct lane lanes[MOST_LANES];
static atomic_int lane_count, down;
static int door, far_port;

static void break_link(void)
{
    atomic_store(&down, 1);
    for (int i = 0; i < atomic_load(&lane_count); i++) shutdown(lanes[i].in, SHUT_RDWR), shutdown(lanes[i].out, SHUT_RDWR);
}

static int read_all(int fd, unsigned char *into, size_t count)
{
    return recv(fd, into, count, MSG_WAITALL) == (ssize_t)count;
}

/* Hands on whole messages up to COMMIT. */
static void hand_on_messages(const struct lane *lane)
{
    static unsigned char bytes[(2 << 20) + 16];
    uint32_t length;
    if (!read_all(lane->in, bytes, PREAMBLE) || send(lane->out, bytes, PREAMBLE, MSG_NOSIGNAL) != PREAMBLE) return;
    while (read_all(lane->in, bytes, 16)) {
        memcpy(&length, bytes + 8, sizeof length);
        if (length > sizeof bytes - 16 || !read_all(lane->in, bytes + 16, length)) return;
        if (bytes[4] == COMMIT && bytes[5] == 0) {
            break_link();
            return;
        }
        if (send(lane->out, bytes, 16 + length, MSG_NOSIGNAL) != (ssize_t)(16 + length)) return;
    }
}

static void *run_lane(void *at)
{
    const struct lane *lane = at;
    unsigned char bytes[65536];
    ssize_t count;
    if (lane->looked_at) hand_on_messages(lane);
    else
        while ((count = recv(lane->in, bytes, sizeof bytes, 0)) > 0 && send(lane->out, bytes, (size_t)count, MSG_NOSIGNAL) == count) continue;
    shutdown(lane->in, SHUT_RDWR), shutdown(lane->out, SHUT_RDWR);
    return NULL;
}

static void add_lane(int in, int out, int looked_at)
{
    pthread_t thread;
    int number = atomic_load(&lane_count);
    CHECK(number < MOST_LANES);
    lanes[number] = (struct lane){ in, out, looked_at };
    atomic_store(&lane_count, number + 1);
    CHECK(pthread_create(&thread, NULL, run_lane, &lanes[number]) == 0 && pthread_detach(thread) == 0);
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return address;
}

static void *run_relay(void *unused)
{
    (void)unused;
    for (int here, first = 1; (here = accept(door, NULL, NULL)) >= 0; first = 0) {
        struct sockaddr_in address = loopback(far_port);
        int there = socket(AF_INET, SOCK_STREAM, 0);
        if (atomic_load(&down) || connect(there, (struct sockaddr *)&address, sizeof address) != 0) {
            close(here), close(there);
            continue;
        }
        add_lane(here, there, first);
        add_lane(there, here, 0);
    }
    return NULL;
}

/* Decides for whoever asks first. */
static pthread_mutex_t deciding = PTHREAD_MUTEX_INITIALIZER;
static dp_claim first_claim;
static atomic_int claims;

static int32_t decide(void *opaque, const dp_claim *claim)
{
    (void)opaque;
    pthread_mutex_lock(&deciding);
    if (atomic_fetch_add(&claims, 1) == 0) first_claim = *claim;
    CHECK(claim->struct_size == sizeof *claim && claim->attempt == 1 && memcmp(claim->image, first_claim.image, sizeof claim->image) == 0);
    int32_t winner = first_claim.claimant;
    pthread_mutex_unlock(&deciding);
    return winner;
}

static int32_t outcome(dp_migration *side)
{
    int32_t code = dp_wait(side, 60000000);
    CHECK(code != DP_E_NOT_READY);
    return code;
}

static int32_t settled(dp_migration *side, int32_t told)
{
    MUST(dp_settle(side, told));
    return outcome(side);
}

int main(int count, char **arguments)
{
    const char *how = count > 1 ? arguments[1] : "";
    int by_arbiter = strcmp(how, "arbiter") == 0, runs_here = 1, runs_there = 0;
    struct sides sides;
    char via[64], text[2048];
    dp_source_options wants;
    dp_destination_options takes;
    dp_arbiter arbiter;
    pthread_t relay;
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;

    MUST(dp_init(DP_ABI_VERSION));
    unsigned char *from = map_memory(LENGTH), *to = map_memory(LENGTH);
    fill(from, LENGTH, 11);
    sides.from = memory_of(from, LENGTH), sides.to = memory_of(to, LENGTH);
    dp_host here = idle_host(&runs_here), there = idle_host(&runs_there);
    MUST(dp_arbiter_init(&arbiter, sizeof arbiter));
    arbiter.id = "first come", arbiter.decide = decide;
    MUST(dp_source_options_init(&wants, sizeof wants));
    MUST(dp_destination_options_init(&takes, sizeof takes));
    wants.handover_timeout_us = takes.handover_timeout_us = 500000;
    wants.arbiter = takes.arbiter = by_arbiter ? &arbiter : NULL;
    make_sides(&sides, &here, &wants, &there, &takes);
    far_port = atoi(strrchr(sides.address, ':') + 1);
    door = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(door, (struct sockaddr *)&address, sizeof address) == 0 && listen(door, 16) == 0 && getsockname(door, (struct sockaddr *)&address, &size) == 0);
    snprintf(via, sizeof via, "tcp:127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(pthread_create(&relay, NULL, run_relay, NULL) == 0);

    MUST(dp_destination_start(sides.destination, sides.listener));
    MUST(dp_source_start(sides.source, via));
    int32_t source = outcome(sides.source), destination = outcome(sides.destination);
    CHECK(atomic_load(&down));
    if (by_arbiter) {
        /* The source has given the guest away, hears nothing and claims it; the destination has no word to take it, and claims nothing. */
        EXPECT(DP_E_REFUSED, source);
        CHECK(runs_here && first_claim.claimant == DP_SIDE_SOURCE);
        MUST(dp_last_error(sides.source, text, sizeof text, NULL));
        CHECK(strstr(text, "arbiter has awarded") != NULL);
        EXPECT(DP_E_OWNERSHIP_UNCERTAIN, destination);
        /* Somebody is mistaken: the arbiter's verdict comes before theirs. */
        CHECK(settled(sides.destination, DP_SIDE_DESTINATION) != DP_OK && atomic_load(&claims) >= 2 && !runs_there);
    } else {
        EXPECT(DP_E_OWNERSHIP_UNCERTAIN, source);
        EXPECT(DP_E_OWNERSHIP_UNCERTAIN, destination);
        CHECK(!runs_here && !runs_there);
        dp_progress progress = { .struct_size = sizeof progress };
        MUST(dp_get_progress(sides.source, &progress));
        CHECK(progress.status == DP_STATUS_UNCERTAIN);
        MUST(dp_last_error(sides.source, text, sizeof text, NULL));
        CHECK(strstr(text, "Async") == NULL);
        EXPECT(DP_E_ARGUMENT, dp_settle(sides.source, 7));
        if (strcmp(how, "ask") == 0) {
            EXPECT(DP_E_OWNERSHIP_UNCERTAIN, settled(sides.source, DP_SIDE_UNKNOWN)); /* nobody answers yet */
            EXPECT(DP_E_OWNERSHIP_UNCERTAIN, settled(sides.destination, DP_SIDE_UNKNOWN));
            atomic_store(&down, 0);
            int32_t asked;
            do { /* the two wait half a second each, and the machine may be slow: until they have met */
                MUST(dp_settle(sides.destination, DP_SIDE_UNKNOWN));
                asked = settled(sides.source, DP_SIDE_UNKNOWN);
                destination = outcome(sides.destination);
            } while (destination == DP_E_OWNERSHIP_UNCERTAIN);
            MUST(destination);
            if (asked == DP_E_OWNERSHIP_UNCERTAIN) asked = settled(sides.source, DP_SIDE_DESTINATION);
            MUST(asked);
        } else if (strcmp(how, "source") == 0) {
            EXPECT(DP_E_REFUSED, settled(sides.source, DP_SIDE_SOURCE));
            MUST(dp_last_error(sides.source, text, sizeof text, NULL));
            CHECK(strstr(text, "settled by a verdict") != NULL);
            CHECK(settled(sides.destination, DP_SIDE_SOURCE) != DP_OK);
        } else if (strcmp(how, "destination") == 0) {
            MUST(settled(sides.destination, DP_SIDE_DESTINATION));
            MUST(settled(sides.source, DP_SIDE_DESTINATION));
        } else {
            return 2;
        }
        EXPECT(DP_E_STATE, dp_settle(sides.source, DP_SIDE_UNKNOWN));
    }
    CHECK(runs_here + runs_there == 1);
    CHECK(!runs_there || memcmp(from, to, LENGTH) == 0);
    CHECK(strcmp(how, "source") != 0 || runs_here);
    shutdown(door, SHUT_RDWR);
    pthread_join(relay, NULL);
    destroy_sides(&sides);
    puts("ok");
    return 0;
}
