using static DataPlane.Linux.Kvm.KvmNative;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// What is asked of a VM's descriptor, whoever made the VM. Each call throws <see cref="LinuxException"/> on failure.
/// </summary>
internal static unsafe class KvmVmCalls
{
    /// <summary>
    /// What the VM says of capability <paramref name="capability"/>: 0 is no, anything else is the capability's own answer.
    /// </summary>
    public static int Check(int vmFd, uint capability) => Math.Max(0, Ioctl(vmFd, CheckExtension, (nuint)capability));

    public static void Enable(int vmFd, uint capability, ulong argument)
    {
        var request = stackalloc ulong[13]; // struct kvm_enable_cap: cap, flags, four arguments, 64 bytes of padding.
        new Span<ulong>(request, 13).Clear();
        request[0] = capability;
        request[1] = argument;
        Throw(Ioctl(vmFd, EnableCapability, request), "KVM_ENABLE_CAP");
    }

    public static void SetRegion(int vmFd, in KvmMemoryRegion region)
    {
        fixed (KvmMemoryRegion* argument = &region)
            Throw(Ioctl(vmFd, SetUserMemoryRegion, argument), "KVM_SET_USER_MEMORY_REGION");
    }

    /// <summary>
    /// Reads the slot's log into <paramref name="bitmap"/>: one bit per page of the slot, rounded up to whole words.
    /// </summary>
    public static void GetLog(int vmFd, int slot, ulong* bitmap)
    {
        var request = stackalloc ulong[2];
        request[0] = (uint)slot;
        request[1] = (ulong)bitmap;
        Throw(Ioctl(vmFd, GetDirtyLog, request), "KVM_GET_DIRTY_LOG");
    }

    /// <summary>
    /// Clears and write-protects the pages that <paramref name="bitmap"/> names, whose first bit is page <paramref
    /// name="firstPage"/> of the slot. The first page is a multiple of 64, and so is the count unless it reaches the slot's end.
    /// </summary>
    public static void ClearLog(int vmFd, int slot, long firstPage, long pageCount, ulong* bitmap)
    {
        var request = stackalloc ulong[3];
        request[0] = (uint)slot | ((ulong)(uint)pageCount << 32);
        request[1] = (ulong)firstPage;
        request[2] = (ulong)bitmap;
        Throw(Ioctl(vmFd, KvmNative.ClearDirtyLog, request), "KVM_CLEAR_DIRTY_LOG");
    }

    /// <summary>Protects the pages of all entries that were harvested from the VM's dirty rings, and frees the entries.</summary>
    public static void ResetRings(int vmFd) => Throw(Ioctl(vmFd, ResetDirtyRings, (nuint)0), "KVM_RESET_DIRTY_RINGS");

    public static int Throw(int result, string call) => result < 0 ? throw LinuxException.Last(call) : result;
}
