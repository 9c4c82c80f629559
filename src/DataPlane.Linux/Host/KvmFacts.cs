using DataPlane.Linux.Kvm;

namespace DataPlane.Linux.Host;

/// <summary>What KVM can do for this process, asked of the device itself.</summary>
/// <param name="Fault">Why no VM can be made; null where one was.</param>
/// <param name="Errno">With it, the error's number, where it is one of the system.</param>
/// <param name="ManualProtect">Whether the dirty log has manual protection.</param>
/// <param name="RingBytes">Most bytes of a vCPU's dirty ring; 0 where there are none.</param>
internal sealed record KvmFacts(string? Fault, int Errno, bool ManualProtect, int RingBytes)
{
    /// <summary>Opens the device, makes a VM and asks it. Leaves nothing behind.</summary>
    public static KvmFacts Probe(string path = "/dev/kvm")
    {
        try
        {
            using var device = KvmDevice.Open(path);
            using var vm = device.CreateVm();
            return new KvmFacts(null, 0, KvmDirtyLog.Missing(vm.Fd) is null, KvmDirtyRing.MostBytes(vm.Fd));
        }
        catch (Exception fault) when (fault is KvmException or LinuxException)
        {
            var cause = fault as LinuxException ?? fault.InnerException as LinuxException;
            return new KvmFacts((cause ?? fault).Message, cause?.Errno ?? 0, false, 0);
        }
    }
}
