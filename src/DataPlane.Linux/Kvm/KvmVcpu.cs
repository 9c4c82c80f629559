using System.Runtime.InteropServices;
using DataPlane.Linux.Memory;
using static DataPlane.Linux.Kvm.KvmNative;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// A vCPU. <see cref="Run"/> and everything that reads or sets registers belongs to one thread at a time;
/// <see cref="RequestExit"/> may come from any.
/// </summary>
internal sealed unsafe class KvmVcpu : IDisposable
{
    private const int ImmediateExitOffset = 1; // In struct kvm_run.
    private const int ExitReasonOffset = 8;

    private readonly int _runBytes;
    private byte* _run;
    private byte[] _cpuid = [];

    public KvmVcpu(int fd, int runBytes, int xsaveBytes)
    {
        Fd = fd;
        XsaveBytes = xsaveBytes;
        _runBytes = runBytes;
        var run = MemoryNative.Mmap(0, (nuint)runBytes, MemoryNative.ProtReadWrite, MemoryNative.MapShared, fd, 0);
        if (run == -1)
        {
            var fault = LinuxException.Last("mmap of the vCPU's run area");
            _ = MemoryNative.Close(fd);
            throw fault;
        }
        _run = (byte*)run;
    }

    public int Fd { get; private set; }

    public int XsaveBytes { get; }

    /// <summary>
    /// Makes the next or current <see cref="Run"/> return <see cref="KvmExit.Interrupted"/>. It is set before the vCPU's thread
    /// is signalled: a signal that arrives just before the thread enters the guest is then not lost.
    /// </summary>
    public void RequestExit() => Volatile.Write(ref _run[ImmediateExitOffset], 1);

    /// <summary>Takes the request back. Only while the vCPU's thread does not run the vCPU.</summary>
    public void ClearExitRequest() => Volatile.Write(ref _run[ImmediateExitOffset], 0);

    /// <summary>Runs guest code until the guest leaves by itself, or an exit was asked for.</summary>
    public KvmExit Run()
    {
        if (Ioctl(Fd, KvmNative.Run, (nuint)0) >= 0)
            return (KvmExit)(*(int*)(_run + ExitReasonOffset));
        return Marshal.GetLastPInvokeError() == Interrupted ? KvmExit.Interrupted : throw LinuxException.Last("KVM_RUN");
    }

    public KvmRegisters GetRegisters()
    {
        KvmRegisters registers;
        Call(GetRegs, &registers, "KVM_GET_REGS");
        return registers;
    }

    public void SetRegisters(KvmRegisters registers) => Call(SetRegs, &registers, "KVM_SET_REGS");

    public KvmSystemRegisters GetSystemRegisters()
    {
        KvmSystemRegisters registers;
        Call(GetSregs, &registers, "KVM_GET_SREGS");
        return registers;
    }

    public void SetSystemRegisters(KvmSystemRegisters registers) => Call(SetSregs, &registers, "KVM_SET_SREGS");

    /// <summary>
    /// Says what CPU the guest sees; before the vCPU first runs. Afterwards the same table once more is nothing to be done: KVM takes none,
    /// and a guest that comes back to a vCPU that it once left brings the one it was given there.
    /// </summary>
    public void SetCpuid(ReadOnlySpan<byte> table)
    {
        if (table.SequenceEqual(_cpuid)) return;
        fixed (byte* argument = table)
            Call(SetCpuid2, argument, "KVM_SET_CPUID2");
        _cpuid = table.ToArray();
    }

    /// <summary>A call on this vCPU's descriptor. Returns its result, throws on failure.</summary>
    public int Call(uint request, void* argument, string name) => KvmVmCalls.Throw(Ioctl(Fd, request, argument), name);

    public void Dispose()
    {
        if (Fd < 0) return;
        _ = MemoryNative.Munmap((nint)_run, (nuint)_runBytes);
        _ = MemoryNative.Close(Fd);
        _run = null;
        Fd = -1;
    }
}
