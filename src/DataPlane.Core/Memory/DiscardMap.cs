using System.Numerics;
using System.Runtime.InteropServices;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Memory;

/// <summary>
/// Which pages of a block are discarded: the guest has given them up (a balloon, memory that is not plugged in), or both sides have them by themselves
/// (ROM). They are neither read nor sent. One bit a page; the source's map counts, and the destination's is not looked at.
/// </summary>
/// <remarks>
/// <para>The destination keeps what it has there: what the memory held before the migration, where the page was discarded all the time; else that, an earlier
/// version of the page, or zeros. Comparing all pages leaves out what is discarded then.</para>
/// <para>The map may change while a migration runs, from any thread, but not between the return of <c>PauseAsync</c> and the end. A page's bit counts when
/// its turn to be sent comes. <b>Discard</b> first, and give the memory back afterwards; it stays readable as long as the migration lasts, since a
/// channel may just be reading it. Only what is discarded from before the migration on may be unreadable, until it is populated. <b>Populate</b> when the
/// memory is readable, then mark the pages as written, and only then let the guest use them. What is written to a discarded page is lost.</para>
/// </remarks>
public sealed unsafe class DiscardMap : IDisposable
{
    private readonly bool _owned;
    private ulong* _words;

    /// <summary>A map of <paramref name="pages"/> pages, at least 1, none of them discarded.</summary>
    public DiscardMap(long pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pages);
        (PageCount, _owned) = (pages, true);
        _words = (ulong*)NativeMemory.AllocZeroed((nuint)((pages + 63) >> 6), sizeof(ulong));
    }

    /// <summary>The caller's map at <paramref name="words"/>, which stays the caller's: page p is bit p % 64 of word p / 64.</summary>
    internal DiscardMap(ulong* words, long pages)
    {
        _words = words;
        PageCount = pages;
    }

    /// <summary>Frees the storage if the owner forgot to.</summary>
    ~DiscardMap() => Free();

    /// <summary>Pages that it speaks of: those of its block.</summary>
    public long PageCount { get; }

    /// <summary>Says that <paramref name="count"/> pages from page <paramref name="page"/> of the block on are discarded.</summary>
    public void Discard(long page, long count) => Change(page, count, discarded: true);

    /// <summary>Takes that back. Mark the pages as written afterwards: the destination may hold anything there.</summary>
    public void Populate(long page, long count) => Change(page, count, discarded: false);

    /// <summary>Whether page <paramref name="page"/> of the block is discarded.</summary>
    public bool IsDiscarded(long page)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)page, (ulong)PageCount, nameof(page));
        return Next(page, discarded: true) == page;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>The first page from <paramref name="page"/> on that is discarded, or is not; <see cref="PageCount"/> where there is none.</summary>
    internal long Next(long page, bool discarded)
    {
        ObjectDisposedException.ThrowIf(_words == null, this);
        for (; page < PageCount; page = (page | 63) + 1)
        {
            var word = Volatile.Read(ref _words[page >> 6]);
            var bits = (discarded ? word : ~word) & (ulong.MaxValue << (int)(page & 63));
            if (bits != 0) return Math.Min(PageCount, (page & ~63L) + BitOperations.TrailingZeroCount(bits));
        }
        GC.KeepAlive(this);
        return PageCount;
    }

    /// <summary>Keeps in <paramref name="pages"/> (eight words) those of the block's stripe <paramref name="stripe"/> that are discarded.</summary>
    internal void KeepDiscarded(int stripe, Span<ulong> pages)
    {
        ObjectDisposedException.ThrowIf(_words == null, this);
        var first = (long)stripe * WordsPerStripe;
        var end = (PageCount + 63) >> 6;
        for (var word = 0; word < WordsPerStripe; word++)
            pages[word] &= first + word < end ? Volatile.Read(ref _words[first + word]) : 0;
        GC.KeepAlive(this);
    }

    private void Change(long page, long count, bool discarded)
    {
        if (page < 0 || count < 0 || page > PageCount - count)
            throw new ArgumentOutOfRangeException(nameof(page), $"Pages {page}..{page + count - 1} do not lie in a map of {PageCount} pages.");
        ObjectDisposedException.ThrowIf(_words == null, this);
        for (var end = page + count; page < end;)
        {
            var inWord = (int)(page & 63);
            var take = (int)Math.Min(64 - inWord, end - page);
            var bits = PageMask.FirstBits(take) << inWord;
            if (discarded) _ = Interlocked.Or(ref _words[page >> 6], bits);
            else _ = Interlocked.And(ref _words[page >> 6], ~bits);
            page += take;
        }
        GC.KeepAlive(this); // The finalizer frees what the loop writes to.
    }

    private void Free()
    {
        if (_owned) NativeMemory.Free(_words);
        _words = null;
    }
}
