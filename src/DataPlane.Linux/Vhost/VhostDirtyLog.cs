using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Vhost;

/// <summary>
/// The log that vhost back ends keep of the guest memory they write, in memory shared with them: bit n % 8 of byte n / 8 stands for the
/// guest-physical page n of 4 KiB (VHOST_LOG_PAGE). Sees what the back ends write and mark, nothing else: combine it with a source for
/// the vCPUs.
/// </summary>
/// <remarks>
/// The back end writes a page first and sets its bit afterwards, atomically: a bit set before the write can be taken, and the page read,
/// before the write lands. Bits of pages that lie in no block are left alone. Sync allocates nothing.
/// </remarks>
public sealed unsafe class VhostDirtyLog : IDirtySource
{
    private readonly GuestMemory _memory;
    private readonly AllocatedMemory _log;

    /// <summary>A new, empty log, long enough for the highest guest address of <paramref name="memory"/>.</summary>
    public VhostDirtyLog(GuestMemory memory)
        : this(memory, 0)
    {
    }

    /// <summary>
    /// The same, with <paramref name="offset"/> bytes, whole pages, in front of the log in its memory, which are left to the embedder.
    /// </summary>
    public VhostDirtyLog(GuestMemory memory, long offset)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (offset < 0 || offset % PageSize != 0) throw new ArgumentException($"The log cannot begin at byte {offset}: not whole pages.", nameof(offset));
        _memory = memory;
        Offset = offset;
        var pages = memory.Blocks.Max(block => (long)(block.Info.GuestAddress >> PageShift) + block.PageCount);
        _log = AllocatedMemory.Create("vhost-dirty-log", offset + (((pages / 8) + PageSize) & -PageSize));
    }

    /// <inheritdoc/>
    public string Name => "vhost";

    /// <summary>
    /// The descriptor of the log's memory, to be sent to a back end with VHOST_USER_SET_LOG_BASE. Owned by this source.
    /// </summary>
    public int Fd => _log.Fd;

    /// <summary>Where the log begins in <see cref="Fd"/>, in bytes: the mmap offset of VHOST_USER_SET_LOG_BASE.</summary>
    public long Offset { get; }

    /// <summary>Bytes of the log: the mmap size of VHOST_USER_SET_LOG_BASE.</summary>
    public long Length => _log.Length - Offset;

    /// <summary>Where the log is mapped in this process, for back ends in the kernel (VHOST_SET_LOG_BASE) or in threads of it.</summary>
    public nint Address => _log.Address + (nint)Offset;

    /// <summary>
    /// Forgets what has been marked so far. The back ends are told to log (VHOST_F_LOG_ALL) by the embedder, before this.
    /// </summary>
    public void Start() => Take(into: null);

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        return Take(into);
    }

    /// <summary>Nothing to do: a mark is taken by Sync, always before the page is read.</summary>
    public void Reprotect(int stripe)
    {
    }

    /// <summary>Nothing to do: marks are never held back.</summary>
    public void Restore(DirtyBitmap into)
    {
    }

    /// <summary>Nothing to do: the embedder tells its back ends to end logging.</summary>
    public void Stop()
    {
    }

    /// <summary>Gives the log's memory back. Back ends in this process must have ended logging; others keep their own mapping.</summary>
    public void Dispose() => _log.Dispose();

    private long Take(DirtyBitmap? into)
    {
        long added = 0;
        Span<ulong> scratch = stackalloc ulong[WordsPerStripe];
        for (var i = 0; i < _memory.Blocks.Count; i++)
        {
            var block = _memory.Blocks[i];
            if (into is null)
                Walk(block, default, isGathering: false);
            else
                added += Walk(block, new StripeMarks(into, block, scratch), isGathering: true);
        }
        return added;
    }

    private long Walk(RamBlock block, StripeMarks marks, bool isGathering)
    {
        ObjectDisposedException.ThrowIf(_log.Address == 0, this);
        var first = (long)(block.Info.GuestAddress >> PageShift);
        var end = first + block.PageCount;
        // Little-endian words: bit b of word w is the page 64 * w + b, as it is counted by bytes.
        var words = new Span<ulong>((ulong*)Address + (first >> 6), checked((int)(((end + 63) >> 6) - (first >> 6))));
        for (var at = 0; at < words.Length; at++)
        {
            var clean = ((ReadOnlySpan<ulong>)words[at..]).IndexOfAnyExcept(0UL);
            if (clean < 0) break;
            at += clean;
            var page = ((first >> 6) + at) << 6;
            var mask = PageMask.FirstBits((int)Math.Min(64, end - page)) & ~PageMask.FirstBits((int)Math.Max(0, first - page));
            // A word that another block shares keeps that block's bits. Both are full barriers: the pages are read after their bits are taken.
            var bits = mask == ulong.MaxValue ? Interlocked.Exchange(ref words[at], 0) : Interlocked.And(ref words[at], ~mask) & mask;
            if (!isGathering || bits == 0) continue;
            var lead = (int)Math.Max(0, first - page);
            marks.AddBits(page + lead - first, bits >> lead);
        }
        return isGathering ? marks.Finish() : 0;
    }
}
