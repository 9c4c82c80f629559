/*
 * Loaded before the C library into a peer whose environment says `DATAPLANE_PEER_DIES=before given` or `behind given` (or any other record): ends the process by
 * SIGKILL in front of the system call that writes that handover record, or behind it. No instruction of the program lies in between: a thread
 * that sends itself SIGKILL does not come back from that call, and no other thread goes on either.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* src/DataPlane.Core/Handover/HandoverEntry.cs: a record is 128 bytes, its kind the twelfth. */
enum { RECORD_SIZE = 128, RECORD_AT = 11 };

static const char *const records[] = { "", "open", "prepared", "taken", "never", "returned", "given", "kept", "released" };

/* A rehearsal's records are in memory files, whose names end in something else. */
static int is_journal(int fd)
{
    static const char suffix[] = ".handover";
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    size_t most = sizeof suffix - 1;
    return length >= (ssize_t)most && memcmp(path + length - most, suffix, most) == 0;
}

static void die_at(const char *when, int fd, const unsigned char *bytes, size_t count)
{
    const char *dies = getenv("DATAPLANE_PEER_DIES");
    if (dies == NULL || count < RECORD_SIZE || bytes[RECORD_AT] >= sizeof records / sizeof *records || !is_journal(fd)) return;
    char moment[32];
    snprintf(moment, sizeof moment, "%s %s", when, records[bytes[RECORD_AT]]);
    if (strstr(dies, moment) != NULL) kill(getpid(), SIGKILL);
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off64_t offset)
{
    die_at("before", fd, bytes, count);
    ssize_t written = syscall(SYS_pwrite64, fd, bytes, count, offset);
    die_at("behind", fd, bytes, count);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return write_at(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    return write_at(fd, bytes, count, offset);
}
