using System.Runtime.InteropServices;
using DataPlane.Core.Memory;

namespace DataPlane.Linux.Memory;

/// <summary>
/// Memory that is ours: a memory file and its mapping, both given back on dispose. Everything that may still read or write the
/// mapping (a guest, a migration) must have ended before.
/// </summary>
public sealed unsafe class AllocatedMemory : IDisposable
{
    private const int OpenReadWriteCreate = 2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC
    private readonly bool _wantsHugePages;
    private readonly bool _isMemoryFile;
    private int _fd;
    private long _collapsed;

    private AllocatedMemory(int fd, nint address, long length, int pageSize, bool wantsHugePages, bool isMemoryFile)
    {
        _fd = fd;
        Address = address;
        Length = length;
        BackingPageSize = pageSize;
        _wantsHugePages = wantsHugePages;
        _isMemoryFile = isMemoryFile;
    }

    /// <summary>Where it is mapped, shared and writable.</summary>
    public nint Address { get; private set; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes of one page of the backing file: 4096, or 2 MiB where huge pages were asked for and granted.</summary>
    public int BackingPageSize { get; }

    /// <summary>
    /// What the memory's pages are: <c>2MiB hugetlb</c>, <c>2MiB thp</c>, <c>4KiB</c>, or <c>4KiB and 2MiB thp</c> where <see cref="Populate"/> got
    /// some. Null where the kernel may choose by itself: an opened file, or a system that gives huge pages to memory files unasked.
    /// </summary>
    public string? PageKind =>
        BackingPageSize == PageGeometry.StripeSize ? "2MiB hugetlb"
        : _collapsed > 0 && _collapsed == Length ? "2MiB thp"
        : _collapsed > 0 ? "4KiB and 2MiB thp"
        : _isMemoryFile && HugePagePolicy.OnlyWhenCollapsed ? "4KiB" : null;

    /// <summary>The memory file's descriptor.</summary>
    public int Fd => _fd;

    /// <summary>
    /// A new, empty memory file of <paramref name="length"/> bytes. With <paramref name="hugePages"/> 2 MiB pages are used where the
    /// system has enough of them reserved, else 4 KiB pages, which <see cref="Populate"/> then turns into transparent huge pages where
    /// the kernel lets it. <see cref="BackingPageSize"/> and <see cref="PageKind"/> tell what came of it.
    /// </summary>
    public static AllocatedMemory Create(string name, long length, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (hugePages && length % PageGeometry.StripeSize == 0 && TryCreateHuge(name, length) is { } huge)
            return huge;
        var fd = MemoryNative.MemfdCreate(name, MemoryNative.MfdCloexec);
        if (fd < 0) throw LinuxException.Last($"memfd_create of '{name}'");
        return Map(fd, name, length, PageGeometry.PageSize, hugePages, isMemoryFile: true);
    }

    /// <summary>Maps the file at <paramref name="path"/>, made or resized to <paramref name="length"/> bytes; its contents are kept.</summary>
    public static AllocatedMemory OpenFile(string path, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var fd = MemoryNative.Open(path, OpenReadWriteCreate, 0x180);
        if (fd < 0) throw LinuxException.Last($"open of memory file '{path}'");
        return Map(fd, path, length, PageGeometry.PageSize, wantsHugePages: false, isMemoryFile: false);
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

    /// <summary>
    /// Makes all of it present, by <paramref name="threads"/> threads, as <see cref="MemoryPopulator.Populate"/> does; into transparent huge
    /// pages where huge pages were asked for and none are reserved, which also takes a half to a third of the time. Not from two threads at once.
    /// </summary>
    /// <param name="threads">How many threads work, the calling one included.</param>
    /// <param name="progress">Called with the bytes done so far, ascending, from any of the threads but never from two at once.</param>
    /// <param name="cancel">Looked at every 16 MiB; what is populated by then stays so.</param>
    /// <exception cref="LinuxException">The system has too little memory.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public void Populate(int threads, Action<long>? progress = null, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_fd < 0, this);
        if (_wantsHugePages && BackingPageSize == PageGeometry.PageSize)
            MemoryPopulator.PopulateHuge(Address, Length, threads, progress, cancel, out _collapsed);
        else
            MemoryPopulator.Populate(Address, Length, threads, progress, cancel);
    }

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
            return Map(fd, name, length, PageGeometry.StripeSize, wantsHugePages: true, isMemoryFile: true);
        }
        catch (LinuxException)
        {
            return null; // The pool holds too few huge pages: mmap reserves them and says so.
        }
    }

    private static AllocatedMemory Map(int fd, string name, long length, int pageSize, bool wantsHugePages, bool isMemoryFile)
    {
        nint address = -1;
        if (MemoryNative.Ftruncate(fd, length) == 0)
            address = pageSize == PageGeometry.PageSize ? MapOnHugeBorder(fd, (nuint)length)
                : MemoryNative.Mmap(0, (nuint)length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, fd, 0);
        if (address != -1) return new AllocatedMemory(fd, address, length, pageSize, wantsHugePages, isMemoryFile);
        var fault = LinuxException.Last($"mapping {length} bytes of '{name}'");
        _ = MemoryNative.Close(fd);
        throw fault;
    }

    // The kernel maps a huge page only where file and address lie alike on a 2 MiB border, so a place for one border more is reserved first
    // and what sticks out is given back.
    private static nint MapOnHugeBorder(int fd, nuint length)
    {
        const nuint Border = PageGeometry.StripeSize;
        var mapped = (length + PageGeometry.PageSize - 1) & ~(nuint)(PageGeometry.PageSize - 1);
        var place = MemoryNative.Mmap(
            0, mapped + Border, MemoryNative.ProtNone,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapNoReserve, -1, 0);
        if (place == -1) return -1;
        var address = (nint)(((nuint)place + Border - 1) & ~(Border - 1));
        var before = (nuint)(address - place);
        var mapping = MemoryNative.Mmap(address, length, MemoryNative.ProtReadWrite, MemoryNative.MapShared | MemoryNative.MapFixed, fd, 0);
        // A mapping that failed may have torn its place open, and another thread may have mapped there since. So the place itself is never
        // unmapped: at worst it stays reserved.
        var errno = Marshal.GetLastPInvokeError();
        if (before > 0) _ = MemoryNative.Munmap(place, before);
        if (before < Border) _ = MemoryNative.Munmap(address + (nint)mapped, Border - before);
        Marshal.SetLastPInvokeError(errno);
        return mapping;
    }
}
