using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using static DataPlane.Linux.Userfault.UserfaultNative;

namespace DataPlane.Linux.Userfault;

/// <summary>
/// A userfaultfd whose write faults the kernel resolves by itself. Closing it takes every protection away that was made through it.
/// </summary>
internal sealed unsafe class UserfaultDescriptor : IDisposable
{
    private const string Remedy = "Use another dirty source.";

    /// <summary>1 GiB: bounds how long one call keeps the process's memory map locked.</summary>
    private const ulong ProtectBytes = 1UL << 30;

    private int _fd;

    private UserfaultDescriptor(int fd) => _fd = fd;

    /// <summary>Opens one; null, with the reason and what to do, where the system has none that does this.</summary>
    public static UserfaultDescriptor? TryOpen(out string? missing)
    {
        var fd = UserfaultNative.Open();
        if (fd < 0)
        {
            missing = LinuxException.Last("userfaultfd").Errno switch
            {
                NoSuchCall => $"This kernel has no userfaultfd (CONFIG_USERFAULTFD). {Remedy}",
                PermissionDenied => $"A filter (seccomp, as containers have one) forbids userfaultfd. Allow that system call, or: {Remedy}",
                var errno => $"userfaultfd fails: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}). {Remedy}",
            };
            return null;
        }
        var descriptor = new UserfaultDescriptor(fd);
        var request = stackalloc ulong[3];
        request[0] = ApiVersion;
        request[1] = NeededToTrack;
        if (Ioctl(fd, ApiRequest, request) == 0)
        {
            missing = null;
            return descriptor;
        }
        descriptor.Dispose();
        missing = "This kernel's userfaultfd cannot track writes by itself (UFFD_FEATURE_WP_ASYNC and WP_UNPOPULATED). "
            + $"Use Linux 6.7 or newer on x86-64, or: {Remedy}";
        return null;
    }

    /// <summary>Puts the block under this descriptor. Returns null, or why that cannot be and what to do.</summary>
    public string? TryRegister(RamBlock block)
    {
        var info = block.Info;
        if (info.HostAddress % info.BackingPageSize != 0 || info.Length % info.BackingPageSize != 0)
            return $"Block '{info.Name}' does not consist of whole pages of {info.BackingPageSize} bytes. {Remedy}";
        var request = stackalloc ulong[4];
        (request[0], request[1], request[2]) = ((ulong)info.HostAddress, (ulong)info.Length, RegisterWriteProtect);
        if (Ioctl(_fd, RegisterRequest, request) == 0) return null;
        return LinuxException.Last("UFFDIO_REGISTER").Errno switch
        {
            Busy => $"Block '{info.Name}' is already under another userfaultfd. End that one first, or: {Remedy}",
            MemoryNative.Invalid => $"Block '{info.Name}' is memory that userfaultfd cannot protect, such as a device's, or is not mapped as a whole. "
                + $"Use anonymous memory or a file, or: {Remedy}",
            var errno => $"Block '{info.Name}' cannot be put under userfaultfd: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}). {Remedy}",
        };
    }

    /// <summary>
    /// Protects all pages of the block. Pages that are not mapped, holes included, get an entry in the page table that says so, and no
    /// memory: without it the first read of such a page would make it look written.
    /// </summary>
    public void Protect(RamBlock block)
    {
        var request = stackalloc ulong[3];
        var end = (ulong)block.Info.HostAddress + (ulong)block.Info.Length;
        for (var start = (ulong)block.Info.HostAddress; start < end; start += ProtectBytes)
        {
            (request[0], request[1], request[2]) = (start, Math.Min(ProtectBytes, end - start), UserfaultNative.Protect);
            while (Ioctl(_fd, WriteProtectRequest, request) != 0)
            {
                var fault = LinuxException.Last("UFFDIO_WRITEPROTECT");
                if (fault.Errno is not (TryAgain or MemoryNative.Interrupted)) throw fault;
            }
        }
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = MemoryNative.Close(_fd);
        _fd = -1;
    }
}
