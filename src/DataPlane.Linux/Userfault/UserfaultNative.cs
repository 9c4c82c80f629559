using System.Runtime.InteropServices;

namespace DataPlane.Linux.Userfault;

/// <summary>
/// The system calls behind write protection in user space: numbers and layouts as in linux/userfaultfd.h and linux/fs.h, the same on
/// x86-64 and arm64 but for the number of the call itself.
/// </summary>
internal static unsafe partial class UserfaultNative
{
    public const uint ApiRequest = 0xC018AA3F;
    public const uint RegisterRequest = 0xC020AA00;
    public const uint WriteProtectRequest = 0xC018AA06;
    public const uint PagemapScanRequest = 0xC0606610;

    public const ulong ApiVersion = 0xAA;
    public const ulong FeatureWriteProtect = 1 << 0;
    public const ulong FeatureWriteProtectFiles = 1 << 12; // shmem and hugetlbfs
    public const ulong FeatureWriteProtectUnpopulated = 1 << 13;
    public const ulong FeatureWriteProtectAsync = 1 << 15;

    /// <summary>What the kernel must be able to do so that it tracks writes by itself.</summary>
    public const ulong NeededToTrack =
        FeatureWriteProtect | FeatureWriteProtectFiles | FeatureWriteProtectUnpopulated | FeatureWriteProtectAsync;

    public const ulong RegisterWriteProtect = 1 << 1;
    public const ulong Protect = 1;

    public const ulong ScanProtectsMatching = 1;
    public const ulong ScanChecksAsync = 2;
    public const ulong PageIsWritten = 1 << 1;

    public const int TryAgain = 11;
    public const int PermissionDenied = 1;
    public const int Busy = 16;
    public const int NoSuchCall = 38;

    private const int CloseOnExec = 0x80000;

    /// <summary>
    /// Faults of the kernel's own accesses are not handed to us. None ever is: the kernel resolves them all by itself. So the
    /// restriction costs nothing, and with it the call needs no privilege.
    /// </summary>
    private const int UserModeOnly = 1;

    /// <summary>A new descriptor, or -1.</summary>
    public static int Open()
    {
        var number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 282 : 323;
        return (int)SystemCall(number, CloseOnExec | UserModeOnly);
    }

    /// <summary>
    /// Declared with three fixed arguments: on x86-64 and arm64 Linux a variadic ioctl takes them from the same places.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint flags);

    /// <summary><c>struct pm_scan_arg</c>; same layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Scan
    {
        public ulong Size;
        public ulong Flags;
        public ulong Start;
        public ulong End;
        public ulong WalkEnd;
        public ulong Regions;
        public ulong RegionsLength;
        public ulong MaxPages;
        public ulong CategoryInverted;
        public ulong CategoryMask;
        public ulong CategoryAnyOf;
        public ulong ReturnMask;
    }

    /// <summary><c>struct page_region</c>; same layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Region
    {
        public ulong Start;
        public ulong End;
        public ulong Categories;
    }
}
