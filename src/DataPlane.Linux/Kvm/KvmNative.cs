using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// The system calls behind KVM: request numbers and capabilities as in the kernel's header linux/kvm.h. The vCPU requests are
/// those of x86-64; the dirty log's are the same everywhere.
/// </summary>
internal static unsafe partial class KvmNative
{
    public const uint GetApiVersion = 0xAE00;
    public const uint CreateVm = 0xAE01;
    public const uint CheckExtension = 0xAE03;
    public const uint GetVcpuMmapSize = 0xAE04;
    public const uint GetSupportedCpuid = 0xC008AE05;
    public const uint CreateVcpu = 0xAE41;
    public const uint GetDirtyLog = 0x4010AE42;
    public const uint SetUserMemoryRegion = 0x4020AE46;
    public const uint Run = 0xAE80;
    public const uint GetRegs = 0x8090AE81;
    public const uint SetRegs = 0x4090AE82;
    public const uint GetSregs = 0x8138AE83;
    public const uint SetSregs = 0x4138AE84;
    public const uint GetMsrs = 0xC008AE88;
    public const uint SetMsrs = 0x4008AE89;
    public const uint SetCpuid2 = 0x4008AE90;
    public const uint GetMpState = 0x8004AE98;
    public const uint SetMpState = 0x4004AE99;
    public const uint GetVcpuEvents = 0x8040AE9F;
    public const uint SetVcpuEvents = 0x4040AEA0;
    public const uint GetDebugRegs = 0x8080AEA1;
    public const uint SetDebugRegs = 0x4080AEA2;
    public const uint EnableCapability = 0x4068AEA3;
    public const uint GetXsave = 0x9000AEA4;
    public const uint SetXsave = 0x5000AEA5;
    public const uint GetXcrs = 0x8188AEA6;
    public const uint SetXcrs = 0x4188AEA7;
    public const uint ClearDirtyLog = 0xC018AEC0;
    public const uint ResetDirtyRings = 0xAEC7;
    public const uint GetXsave2 = 0x9000AECF;

    public const uint CapImmediateExit = 136;
    public const uint CapManualDirtyLogProtect2 = 168;
    public const uint CapDirtyLogRing = 192;
    public const uint CapXsave2 = 208;
    public const uint CapDirtyLogRingAcquireRelease = 223;

    /// <summary>The kernel interrupted the call for a signal, or was asked to.</summary>
    public const int Interrupted = 4;

    /// <summary>
    /// Declared with three fixed arguments: on x86-64 and arm64 Linux a variadic ioctl takes them from the same places.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, nuint argument);

    public static int Ioctl(int fd, uint request, void* argument) => Ioctl(fd, request, (nuint)argument);
}
