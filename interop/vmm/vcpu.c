#include "vcpu.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "fail.h"

static size_t cpuid_size(const struct kvm_cpuid2 *cpuid)
{
    return sizeof *cpuid + cpuid->nent * sizeof cpuid->entries[0];
}

/* Sleeps until the next batch is due, or an order comes. */
static void sleep_until_due(struct vcpu *vcpu)
{
    int64_t due = pace_due(&vcpu->pace, vcpu->writer);
    struct timespec until = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };
    int expired = due <= now_ns();
    pthread_mutex_lock(&vcpu->lock);
    while (vcpu->order == RUN && !expired)
        expired = pthread_cond_timedwait(&vcpu->changed, &vcpu->lock, &until);
    pthread_mutex_unlock(&vcpu->lock);
}

static bool is_to_run(struct vcpu *vcpu)
{
    pthread_mutex_lock(&vcpu->lock);
    bool run = vcpu->order == RUN;
    pthread_mutex_unlock(&vcpu->lock);
    return run;
}

/* Runs the guest until another order comes. Returns what went wrong, or NULL. */
static const char *run_guest(struct vcpu *vcpu)
{
    for (;;) {
        if (ioctl(vcpu->fd, KVM_RUN, 0) != 0) {
            if (errno != EINTR)
                return strerror(errno);
            /* Only here does a vCPU stop: a port write is completed by the entry after it, so there always is one. */
            if (!is_to_run(vcpu))
                return NULL;
            continue; /* a signal that was meant for something else */
        }
        if (vcpu->run->exit_reason != KVM_EXIT_IO)
            return "the guest left for a reason that it has no code for (a crash, most likely)";
        sleep_until_due(vcpu); /* the guest's port write: a batch of writes is done */
    }
}

static void *thread_main(void *argument)
{
    struct vcpu *vcpu = argument;
    prctl(PR_SET_TIMERSLACK, 1); /* sleeps end on time; by default they take 50 us more */
    pthread_mutex_lock(&vcpu->lock);
    for (;;) {
        vcpu->parked = true;
        pthread_cond_broadcast(&vcpu->changed);
        while (vcpu->order == PARK)
            pthread_cond_wait(&vcpu->changed, &vcpu->lock);
        if (vcpu->order == END)
            break;
        vcpu->run->immediate_exit = 0;
        vcpu->parked = false;
        vcpu->entered_at = now_ns();
        pthread_cond_broadcast(&vcpu->changed);
        pthread_mutex_unlock(&vcpu->lock);

        pace_resume(&vcpu->pace);
        const char *fault = run_guest(vcpu);
        int64_t left_at = now_ns();
        pace_stop(&vcpu->pace);

        pthread_mutex_lock(&vcpu->lock);
        vcpu->left_at = left_at;
        if (fault != NULL) {
            snprintf(vcpu->fault, sizeof vcpu->fault, "vCPU %u: KVM_RUN: %s", vcpu->index, fault);
            if (vcpu->order == RUN)
                vcpu->order = PARK;
        }
    }
    pthread_mutex_unlock(&vcpu->lock);
    return NULL;
}

static void give_order(struct vcpu *vcpu, enum order order)
{
    pthread_mutex_lock(&vcpu->lock);
    vcpu->order = order;
    pthread_cond_broadcast(&vcpu->changed);
    if (order != RUN && !vcpu->parked) {
        /* In this order: a thread that is just about to enter the guest when the signal hits it still sees the flag. */
        __atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_SEQ_CST);
        pthread_kill(vcpu->thread, KICK_SIGNAL);
    }
    pthread_mutex_unlock(&vcpu->lock);
}

void vcpu_request_run(struct vcpu *vcpu)
{
    give_order(vcpu, RUN);
}

void vcpu_await_run(struct vcpu *vcpu)
{
    pthread_mutex_lock(&vcpu->lock);
    while (vcpu->parked && vcpu->order == RUN)
        pthread_cond_wait(&vcpu->changed, &vcpu->lock);
    pthread_mutex_unlock(&vcpu->lock);
}

void vcpu_request_park(struct vcpu *vcpu)
{
    give_order(vcpu, PARK);
}

bool vcpu_await_park(struct vcpu *vcpu)
{
    pthread_mutex_lock(&vcpu->lock);
    while (!vcpu->parked)
        pthread_cond_wait(&vcpu->changed, &vcpu->lock);
    bool sound = vcpu->fault[0] == '\0';
    pthread_mutex_unlock(&vcpu->lock);
    return sound;
}

void vcpu_create(struct vcpu *vcpu, int kvm_fd, int vm_fd, unsigned index, const struct writer *writer, const struct kvm_cpuid2 *cpuid)
{
    memset(vcpu, 0, sizeof *vcpu);
    vcpu->index = index;
    vcpu->writer = writer;
    vcpu->fd = ioctl(vm_fd, KVM_CREATE_VCPU, index);
    if (vcpu->fd < 0)
        die(EXIT_RESOURCES, "KVM_CREATE_VCPU %u: %s", index, strerror(errno));
    vcpu->run_size = (size_t)ioctl(kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
    vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
    vcpu->cpuid = calloc(1, sizeof *cpuid + MAX_CPUID_ENTRIES * sizeof cpuid->entries[0]);
    if (vcpu->run == MAP_FAILED || vcpu->cpuid == NULL)
        die(EXIT_RESOURCES, "memory of vCPU %u: %s", index, strerror(errno));
    memcpy(vcpu->cpuid, cpuid, cpuid_size(cpuid));
    int xsave = ioctl(vm_fd, KVM_CHECK_EXTENSION, KVM_CAP_XSAVE2);
    vcpu->xsave_size = xsave > (int)sizeof(struct kvm_xsave) ? (size_t)xsave : sizeof(struct kvm_xsave);

    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&vcpu->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&vcpu->lock, NULL);
    vcpu->order = PARK;
    if (pthread_create(&vcpu->thread, NULL, thread_main, vcpu) != 0)
        die(EXIT_RESOURCES, "no thread for vCPU %u", index);
    vcpu_await_park(vcpu);
}

void vcpu_destroy(struct vcpu *vcpu)
{
    give_order(vcpu, END);
    pthread_join(vcpu->thread, NULL);
    munmap(vcpu->run, vcpu->run_size);
    close(vcpu->fd);
    free(vcpu->cpuid);
}
