using System.Runtime.InteropServices;
using DataPlane.Linux.Memory;

namespace DataPlane.Linux.Kvm;

/// <summary>The opened <c>/dev/kvm</c>. Makes VMs; may be closed while they live on.</summary>
internal sealed unsafe class KvmDevice : IDisposable
{
    private const string StandardPath = "/dev/kvm";
    private const int OpenReadWrite = 2 | 0x80000; // O_RDWR | O_CLOEXEC
    private const int ApiVersion = 12; // Frozen since Linux 2.6.22.
    private const string Meaning = "Without it no KVM guest can run here and KVM's dirty logs are not available.";

    private readonly string _path;

    private KvmDevice(int fd, string path)
    {
        Fd = fd;
        _path = path;
    }

    public int Fd { get; private set; }

    /// <summary>
    /// Opens the device. Throws <see cref="KvmException"/> saying what is missing, what it means and what to do.
    /// </summary>
    public static KvmDevice Open(string path = StandardPath)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new KvmException(
                $"The KVM guest's code is for x86-64 and this process is {RuntimeInformation.ProcessArchitecture}. No KVM guest can run here. "
                + "Use a synthetic guest.");
        var fd = MemoryNative.Open(path, OpenReadWrite, 0);
        if (fd < 0) throw CannotOpen(path);
        var device = new KvmDevice(fd, path);
        var version = KvmNative.Ioctl(fd, KvmNative.GetApiVersion, (nuint)0);
        if (version == ApiVersion) return device;
        device.Dispose();
        throw new KvmException(
            $"{path} is not a KVM of API version {ApiVersion}: it answers {version}. {Meaning} Use a synthetic guest.");
    }

    /// <summary>A new VM with no memory and no vCPU.</summary>
    public KvmVm CreateVm()
    {
        var vm = KvmNative.Ioctl(Fd, KvmNative.CreateVm, (nuint)0);
        if (vm < 0)
        {
            var cause = LinuxException.Last("KVM_CREATE_VM");
            throw new KvmException($"{_path} opens but makes no VM: {cause.Message}. {Meaning} Use a synthetic guest.", cause);
        }
        return new KvmVm(vm, KvmVmCalls.Throw(KvmNative.Ioctl(Fd, KvmNative.GetVcpuMmapSize, (nuint)0), "KVM_GET_VCPU_MMAP_SIZE"));
    }

    /// <summary>The CPU that this host can offer a guest, as <c>struct kvm_cpuid2</c>.</summary>
    public byte[] SupportedCpuid()
    {
        var table = new byte[KvmCpuid.HeaderBytes + (KvmCpuid.MaxEntries * KvmCpuid.EntryBytes)];
        fixed (byte* request = table)
        {
            *(int*)request = KvmCpuid.MaxEntries;
            KvmVmCalls.Throw(KvmNative.Ioctl(Fd, KvmNative.GetSupportedCpuid, request), "KVM_GET_SUPPORTED_CPUID");
            var used = table[..(KvmCpuid.HeaderBytes + (*(int*)request * KvmCpuid.EntryBytes))];
            KvmCpuid.ForgetCore(used);
            return used;
        }
    }

    public void Dispose()
    {
        if (Fd >= 0) _ = MemoryNative.Close(Fd);
        Fd = -1;
    }

    private static KvmException CannotOpen(string path)
    {
        var cause = LinuxException.Last($"open of {path}");
        var remedy = File.Exists(path)
            ? "Give this user access to it (its group is usually 'kvm'), or use a synthetic guest."
            : "Load the module (kvm_intel or kvm_amd), turn virtualization on in the firmware or in the outer VM, pass the device into "
              + "the container, or use a synthetic guest.";
        return new KvmException($"{cause.Message}. {Meaning} {remedy}", cause);
    }
}
