using DataPlane.Linux.Memory;

namespace DataPlane.Linux.Kvm;

/// <summary>A VM of ours. Its vCPUs and the memory behind its slots belong to the caller, and the memory outlives it.</summary>
internal sealed class KvmVm(int fd, int runBytes) : IDisposable
{
    private bool _closed;

    public int Fd { get; } = fd;

    /// <summary>Bytes of a vCPU's extended register state, which grows with what the CPU can do.</summary>
    public int XsaveBytes => Math.Max(KvmVcpuState.LegacyXsaveBytes, KvmVmCalls.Check(Fd, KvmNative.CapXsave2));

    public void SetMemory(int slot, ulong guestAddress, nint hostAddress, long bytes) =>
        KvmVmCalls.SetRegion(Fd, new KvmMemoryRegion(slot, 0, guestAddress, (ulong)bytes, (ulong)hostAddress));

    public KvmVcpu CreateVcpu(int id)
    {
        var vcpu = KvmVmCalls.Throw(KvmNative.Ioctl(Fd, KvmNative.CreateVcpu, (nuint)id), $"KVM_CREATE_VCPU {id}");
        return new KvmVcpu(vcpu, runBytes, XsaveBytes);
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _ = MemoryNative.Close(Fd);
    }
}
