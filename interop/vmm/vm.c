#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fail.h"
#include "workload.h"

static void ignore(int signal)
{
    (void)signal; /* that the signal interrupts KVM_RUN is all that it is for */
}

static void prepare_kick(void)
{
    struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    sigaction(KICK_SIGNAL, &action, NULL); /* KVM_RUN returns EINTR in spite of SA_RESTART; other calls go on */
}

static int open_kvm(void)
{
    int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        die(EXIT_RESOURCES, "/dev/kvm: %s; load kvm_intel or kvm_amd, turn virtualization on in the firmware or the outer VM, and "
            "give this user access (the group is usually 'kvm')", strerror(errno));
    if (ioctl(fd, KVM_CHECK_EXTENSION, KVM_CAP_IMMEDIATE_EXIT) <= 0)
        die(EXIT_RESOURCES, "this KVM can not be told to leave the guest at once (KVM_CAP_IMMEDIATE_EXIT): use Linux 4.12 or newer");
    return fd;
}

/*
 * The CPU that this host can offer, without the number of the core that the question happened to run on: another host would tell
 * another one, and a guest must not see its CPU change.
 */
static struct kvm_cpuid2 *host_cpuid(int kvm_fd)
{
    struct kvm_cpuid2 *cpuid = calloc(1, sizeof *cpuid + MAX_CPUID_ENTRIES * sizeof cpuid->entries[0]);
    if (cpuid == NULL)
        die(EXIT_RESOURCES, "no memory");
    cpuid->nent = MAX_CPUID_ENTRIES;
    if (ioctl(kvm_fd, KVM_GET_SUPPORTED_CPUID, cpuid) != 0)
        die(EXIT_RESOURCES, "KVM_GET_SUPPORTED_CPUID: %s", strerror(errno));
    for (unsigned i = 0; i < cpuid->nent; i++) {
        struct kvm_cpuid_entry2 *entry = &cpuid->entries[i];
        if (entry->function == 0x1)
            entry->ebx &= 0x00FFFFFF;
        else if (entry->function == 0xB || entry->function == 0x1F)
            entry->edx = 0;
        else if (entry->function == 0x8000001E)
            entry->eax = 0;
    }
    return cpuid;
}

void vm_create(struct vm *vm, uint64_t memory_size, unsigned vcpus)
{
    prepare_kick();
    vm->kvm_fd = open_kvm();
    vm->fd = ioctl(vm->kvm_fd, KVM_CREATE_VM, 0);
    if (vm->fd < 0)
        die(EXIT_RESOURCES, "KVM_CREATE_VM: %s", strerror(errno));

    memory_create(&vm->memory, memory_size);
    struct block blocks[MAX_BLOCKS];
    unsigned count = memory_blocks(&vm->memory, blocks);
    for (unsigned i = 0; i < count; i++) {
        struct kvm_userspace_memory_region slot = {
            .slot = i,
            .guest_phys_addr = blocks[i].guest_address,
            .memory_size = blocks[i].size,
            .userspace_addr = (uintptr_t)(vm->memory.host + blocks[i].offset),
        };
        if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot) != 0)
            die(EXIT_RESOURCES, "memory slot %u: %s", i, strerror(errno));
    }

    struct kvm_cpuid2 *cpuid = host_cpuid(vm->kvm_fd);
    vm->vcpu_count = vcpus;
    for (unsigned i = 0; i < vcpus; i++)
        vcpu_create(&vm->vcpus[i], vm->kvm_fd, vm->fd, i, writer_of(&vm->memory, i), cpuid);
    free(cpuid);
    vm->running = false;
}

void vm_destroy(struct vm *vm)
{
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        vcpu_destroy(&vm->vcpus[i]);
    close(vm->fd);
    close(vm->kvm_fd);
    memory_destroy(&vm->memory);
}

void vm_resume(struct vm *vm)
{
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        vcpu_request_run(&vm->vcpus[i]);
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        vcpu_await_run(&vm->vcpus[i]);
    vm->running = true;
}

bool vm_pause(struct vm *vm)
{
    bool sound = true;
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        vcpu_request_park(&vm->vcpus[i]);
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        sound &= vcpu_await_park(&vm->vcpus[i]);
    vm->running = false;
    return sound;
}

const char *vm_fault(const struct vm *vm)
{
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        if (vm->vcpus[i].fault[0] != '\0')
            return vm->vcpus[i].fault;
    return NULL;
}

int64_t vm_stopped_at(struct vm *vm)
{
    int64_t last = 0;
    for (unsigned i = 0; i < vm->vcpu_count; i++)
        if (vm->vcpus[i].left_at > last)
            last = vm->vcpus[i].left_at;
    return last;
}

int64_t vm_resumed_at(struct vm *vm)
{
    int64_t first = vm->vcpus[0].entered_at;
    for (unsigned i = 1; i < vm->vcpu_count; i++)
        if (vm->vcpus[i].entered_at < first)
            first = vm->vcpus[i].entered_at;
    return first;
}
