using DataPlane.Linux.Memory;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Journal;

/// <summary>A file in memory that no folder knows: written, read and locked as any other, and gone when it is closed.</summary>
internal static class NamelessFile
{
    /// <summary>A new, empty one; <paramref name="label"/> is what <c>/proc</c> shows of it. Throws <see cref="LinuxException"/>.</summary>
    public static SafeFileHandle Open(string label)
    {
        var fd = MemoryNative.MemfdCreate(label, MemoryNative.MfdCloexec);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxException.Last("memfd_create");
    }
}
