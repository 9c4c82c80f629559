using DataPlane.Core.Memory;

namespace DataPlane.Linux.Memory;

/// <summary>
/// Memory that is ours: a memory file and its mapping, both given back on dispose. Everything that may still read or write the
/// mapping (a guest, a migration) must have ended before.
/// </summary>
public sealed unsafe class AllocatedMemory : IDisposable
{
    private const int OpenReadWriteCreate = 2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC
    private int _fd;

    private AllocatedMemory(int fd, nint address, long length, int pageSize)
    {
        _fd = fd;
        Address = address;
        Length = length;
        BackingPageSize = pageSize;
    }

    /// <summary>Where it is mapped, shared and writable.</summary>
    public nint Address { get; private set; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes of one page of the backing file: 4096, or 2 MiB where huge pages were asked for and granted.</summary>
    public int BackingPageSize { get; }

    /// <summary>The memory file's descriptor.</summary>
    public int Fd => _fd;

    /// <summary>
    /// A new, empty memory file of <paramref name="length"/> bytes. With <paramref name="hugePages"/> 2 MiB pages are used where the
    /// system has enough of them reserved, else 4 KiB pages; <see cref="BackingPageSize"/> tells which.
    /// </summary>
    public static AllocatedMemory Create(string name, long length, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (hugePages && length % PageGeometry.StripeSize == 0 && TryCreateHuge(name, length) is { } huge)
            return huge;
        var fd = MemoryNative.MemfdCreate(name, MemoryNative.MfdCloexec);
        if (fd < 0) throw LinuxException.Last($"memfd_create of '{name}'");
        return Map(fd, name, length, PageGeometry.PageSize);
    }

    /// <summary>Maps the file at <paramref name="path"/>, made or resized to <paramref name="length"/> bytes; its contents are kept.</summary>
    public static AllocatedMemory OpenFile(string path, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var fd = MemoryNative.Open(path, OpenReadWriteCreate, 0x180);
        if (fd < 0) throw LinuxException.Last($"open of memory file '{path}'");
        return Map(fd, path, length, PageGeometry.PageSize);
    }

    /// <summary>The RAM block of <paramref name="length"/> bytes at <paramref name="offset"/> of this memory.</summary>
    public RamBlockInfo Block(string name, ulong guestAddress, long offset, long length)
    {
        if (offset < 0 || length <= 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} do not lie in {Length} bytes.");
        return new RamBlockInfo(name, Address + (nint)offset, length, guestAddress, BackingPageSize, Fd, offset);
    }

    /// <summary>All of this memory as one RAM block.</summary>
    public RamBlockInfo Block(string name, ulong guestAddress) => Block(name, guestAddress, 0, Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_fd < 0) return;
        _ = MemoryNative.Munmap(Address, (nuint)Length);
        _ = MemoryNative.Close(_fd);
        _fd = -1;
        Address = 0;
    }

    private static AllocatedMemory? TryCreateHuge(string name, long length)
    {
        var fd = MemoryNative.MemfdCreate(name, MemoryNative.MfdCloexec | MemoryNative.MfdHugetlb | MemoryNative.MfdHuge2Mb);
        if (fd < 0) return null;
        try
        {
            return Map(fd, name, length, PageGeometry.StripeSize);
        }
        catch (LinuxException)
        {
            return null; // The pool holds too few huge pages: mmap reserves them and says so.
        }
    }

    private static AllocatedMemory Map(int fd, string name, long length, int pageSize)
    {
        nint address = -1;
        if (MemoryNative.Ftruncate(fd, length) == 0)
            address = MemoryNative.Mmap(0, (nuint)length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, fd, 0);
        if (address != -1) return new AllocatedMemory(fd, address, length, pageSize);
        var fault = LinuxException.Last($"mapping {length} bytes of '{name}'");
        _ = MemoryNative.Close(fd);
        throw fault;
    }
}
