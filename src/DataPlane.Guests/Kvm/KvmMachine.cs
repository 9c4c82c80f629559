using DataPlane.Core.Memory;
using DataPlane.Linux;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests.Kvm;

/// <summary>
/// A VM with the guest's RAM in its slots and so many vCPUs: no interrupt controller, no timer, no firmware. With dirty rings of so many
/// entries, or none.
/// </summary>
internal sealed class KvmMachine : IDisposable
{
    private readonly KvmVm _vm;

    public KvmMachine(GuestMemory memory, int vcpus, int ringEntries = 0)
    {
        using var device = KvmDevice.Open();
        HostCpuid = device.SupportedCpuid();
        _vm = device.CreateVm();
        var made = new List<KvmVcpu>();
        try
        {
            Slots = [.. memory.Blocks.Select(block => new KvmMemorySlot(block.Index, block))];
            foreach (var slot in Slots)
                _vm.SetMemory(slot.Slot, slot.Block.Info.GuestAddress, slot.Block.Info.HostAddress, slot.Block.Info.Length);
            if (ringEntries > 0) KvmDirtyRing.Enable(_vm.Fd, ringEntries);
            for (var i = 0; i < vcpus; i++) made.Add(_vm.CreateVcpu(i));
            if (ringEntries > 0) Ring = new KvmDirtyRing(_vm.Fd, memory, Slots, [.. made.Select(vcpu => vcpu.Fd)], ringEntries);
        }
        catch (IOException)
        {
            made.ForEach(vcpu => vcpu.Dispose());
            _vm.Dispose();
            throw;
        }
        Vcpus = made;
    }

    public int VmFd => _vm.Fd;

    public IReadOnlyList<KvmMemorySlot> Slots { get; }

    public IReadOnlyList<KvmVcpu> Vcpus { get; }

    /// <summary>The vCPUs' dirty rings, where the VM was made with them.</summary>
    public KvmDirtyRing? Ring { get; }

    /// <summary>The CPU that this host offers.</summary>
    public byte[] HostCpuid { get; }

    /// <summary>Why KVM guests do not work here, or null when they do: tried, not guessed.</summary>
    public static string? Probe()
    {
        try
        {
            using var device = KvmDevice.Open();
            using var vm = device.CreateVm();
            using var vcpu = vm.CreateVcpu(0);
            return KvmVmCalls.Check(vm.Fd, KvmNative.CapImmediateExit) != 0
                ? null
                : "KVM cannot be told to leave a vCPU at once (KVM_CAP_IMMEDIATE_EXIT), so a guest could not be stopped for certain. "
                  + "Use Linux 4.12 or newer, or a synthetic guest.";
        }
        catch (Exception fault) when (fault is KvmException or LinuxException)
        {
            return fault.Message;
        }
    }

    /// <summary>
    /// Whether <paramref name="source"/> wants a VM with dirty rings: when asked for, or where they are the best there is.
    /// </summary>
    public static bool WantsRing(string source)
    {
        if (source != DirtySourceNames.Auto) return source == DirtySourceNames.Ring;
        using var device = KvmDevice.Open();
        using var vm = device.CreateVm();
        return KvmDirtyLog.Missing(vm.Fd) is not null && KvmDirtyRing.Missing(vm.Fd) is null;
    }

    public void Dispose()
    {
        Ring?.Dispose();
        foreach (var vcpu in Vcpus) vcpu.Dispose();
        _vm.Dispose();
    }
}
