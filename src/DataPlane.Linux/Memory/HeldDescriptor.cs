using System.Runtime.InteropServices;
using DataPlane.Linux.Sockets;

namespace DataPlane.Linux.Memory;

/// <summary>
/// A descriptor of the embedder's, duplicated, so that it stays open whatever the embedder does; and, where asked for, a shared mapping of a part of its
/// file. Both are given back on dispose.
/// </summary>
internal sealed class HeldDescriptor : IDisposable
{
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private readonly nuint _length;
    private nint _address;

    private HeldDescriptor(int fd, nint address, nuint length) => (Fd, _address, _length) = (fd, address, length);

    public int Fd { get; private set; }

    /// <summary>Where it is mapped; 0 where it is not.</summary>
    public nint Address => _address;

    public static HeldDescriptor Duplicate(int fd) => new(Copy(fd), 0, 0);

    /// <summary>Also maps <paramref name="length"/> bytes from <paramref name="offset"/> on. Throws where the file is shorter: touching what it lacks would kill the process.</summary>
    public static HeldDescriptor Map(int fd, long offset, long length)
    {
        var copy = Copy(fd);
        try
        {
            if (!FileFacts.TryRead(copy, out var facts) || facts.Size < (ulong)offset + (ulong)length)
                throw new ArgumentException($"{length} bytes at {offset} do not lie in the file behind descriptor {fd}, which has {facts.Size}.", nameof(fd));
            var address = MemoryNative.Mmap(0, (nuint)length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, copy, offset);
            return address != -1 ? new HeldDescriptor(copy, address, (nuint)length) : throw LinuxException.Last($"mapping {length} bytes of descriptor {fd}");
        }
        catch
        {
            _ = MemoryNative.Close(copy);
            throw;
        }
    }

    public void Dispose()
    {
        if (Fd < 0) return;
        if (_address != 0) _ = MemoryNative.Munmap(_address, _length);
        _ = MemoryNative.Close(Fd);
        (Fd, _address) = (-1, 0);
    }

    private static int Copy(int fd)
    {
        var copy = SocketNative.Fcntl(fd, DuplicateCloseOnExec, 0);
        return copy >= 0 ? copy : throw new ArgumentException($"{fd} is not an open descriptor ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}).", nameof(fd));
    }
}
