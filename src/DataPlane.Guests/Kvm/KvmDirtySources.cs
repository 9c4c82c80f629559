using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests.Running;
using DataPlane.Linux.Kvm;
using DataPlane.Linux.Userfault;

namespace DataPlane.Guests.Kvm;

/// <summary>
/// Which dirty source a KVM guest gets for a name. What KVM itself reports lacks this process's own writes, so the marks go with it.
/// </summary>
internal sealed class KvmDirtySources(KvmMachine machine, GuestMemory memory, ExplicitDirtySource marks)
{
    public IDirtySource Create(string name) => name switch
    {
        DirtySourceNames.Auto when machine.Ring is not null => Ring(),
        DirtySourceNames.Auto when KvmDirtyLog.Missing(machine.VmFd) is null => Protect(),
        DirtySourceNames.Auto or DirtySourceNames.Log => Log(),
        DirtySourceNames.Protect => Protect(),
        DirtySourceNames.Ring => Ring(),
        DirtySourceNames.Userfault => UserfaultDirtySource.Works(memory, out var missing)
            ? new UserfaultDirtySource(memory)
            : throw new DirtySourceUnavailableException(missing!),
        _ => throw new ArgumentException(DirtySourceNames.Refusal(GuestKind.Kvm, name), nameof(name)),
    };

    private CompositeDirtySource Ring() =>
        machine.Ring is { } ring
            ? WithMarks(new SharedSource(ring))
            : throw new ArgumentException(
                "This guest's VM has no dirty rings: they must be there before its first vCPU. Make the guest with DirtySource = \"ring\".", "name");

    private CompositeDirtySource Log()
    {
        RefuseBesideRing(DirtySourceNames.Log);
        return WithMarks(new KvmAutomaticDirtyLog(machine.VmFd, memory, machine.Slots));
    }

    private CompositeDirtySource Protect()
    {
        RefuseBesideRing(DirtySourceNames.Protect);
        if (KvmDirtyLog.Missing(machine.VmFd) is { } missing) throw new DirtySourceUnavailableException(missing);
        return WithMarks(new KvmDirtyLog(machine.VmFd, memory, machine.Slots));
    }

    private void RefuseBesideRing(string name)
    {
        if (machine.Ring is not null)
            throw new ArgumentException(
                $"This guest's VM has dirty rings, and KVM keeps no log beside them. Make the guest with DirtySource = \"{name}\".", nameof(name));
    }

    private CompositeDirtySource WithMarks(IDirtySource source) => new(source, new SharedSource(marks));
}
