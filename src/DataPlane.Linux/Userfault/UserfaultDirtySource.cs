using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Userfault;

/// <summary>
/// Writes to any memory of this process, by whoever in it: threads, vCPUs of KVM, system calls, also this library. The kernel
/// write-protects the pages, lets each first write through by itself and remembers it (userfaultfd with WP_ASYNC, read by
/// PAGEMAP_SCAN). Needs Linux 6.7 or newer, no KVM and no privilege.
/// </summary>
/// <remarks>
/// Not seen: what another process writes through a mapping of its own (a vhost-user back end), and what a device writes by DMA. Pages of
/// hugetlbfs are tracked as a whole; transparent huge pages are split as they are written. While it runs, the page tables cover all of
/// memory, 2 MiB for each GiB, holes included; the holes stay holes. Sync allocates nothing.
/// </remarks>
public sealed class UserfaultDirtySource : IDirtySource
{
    private readonly GuestMemory _memory;
    private UserfaultDescriptor? _userfault;
    private PagemapScan? _scan;
    private bool _disposed;

    /// <summary>A source for <paramref name="memory"/>, which stays the caller's and mapped as it is until <see cref="Stop"/>.</summary>
    public UserfaultDirtySource(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
    }

    /// <inheritdoc/>
    public string Name => "uffd";

    /// <summary>
    /// Whether <paramref name="memory"/> can be tracked this way here: tried, not guessed, and nothing is left behind. If not, <paramref
    /// name="reason"/> says what is missing and what to do.
    /// </summary>
    public static bool Works(GuestMemory memory, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(memory);
        using var userfault = Open(memory, out var scan, out reason);
        scan?.Dispose();
        return reason is null;
    }

    /// <summary>
    /// Begins tracking; protects all of memory. Throws <see cref="DirtySourceUnavailableException"/> saying what is missing and what to do.
    /// </summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_userfault is not null) return;
        _userfault = Open(_memory, out _scan, out var missing);
        if (missing is not null) throw new DirtySourceUnavailableException(missing);
        try
        {
            foreach (var block in _memory.Blocks) _userfault!.Protect(block);
        }
        catch (LinuxException)
        {
            Stop();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_scan is null) return 0;
        long added = 0;
        for (var block = 0; block < _memory.Blocks.Count; block++)
            added += _scan.Take(_memory.Blocks[block], into);
        return added;
    }

    /// <summary>Nothing to do: a page is protected again before it is reported.</summary>
    public void Reprotect(int stripe)
    {
    }

    /// <summary>Nothing to do: no page is reported that is not protected again.</summary>
    public void Restore(DirtyBitmap into)
    {
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _userfault?.Dispose();
        _scan?.Dispose();
        _userfault = null;
        _scan = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _disposed = true;
    }

    /// <summary>Both descriptors with all of memory registered, or neither and why.</summary>
    private static UserfaultDescriptor? Open(GuestMemory memory, out PagemapScan? scan, out string? missing)
    {
        scan = null;
        if (Environment.SystemPageSize != PageSize)
        {
            missing = $"This kernel's pages have {Environment.SystemPageSize} bytes and not {PageSize}. Use another dirty source.";
            return null;
        }
        var userfault = UserfaultDescriptor.TryOpen(out missing);
        if (userfault is null) return null;
        scan = PagemapScan.TryOpen(out missing);
        for (var block = 0; scan is not null && missing is null && block < memory.Blocks.Count; block++)
            missing = userfault.TryRegister(memory.Blocks[block]) ?? scan.Try(memory.Blocks[block]);
        if (missing is null) return userfault;
        userfault.Dispose();
        scan?.Dispose();
        scan = null;
        return null;
    }
}
