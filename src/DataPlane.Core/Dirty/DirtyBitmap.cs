using System.Numerics;
using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Dirty;

/// <summary>
/// The pages still to be sent: one bit per page, eight words per stripe, one cache line each. Any thread may set bits at any
/// time; a stripe is claimed by exchanging its words for zero, so every bit is handed to exactly one claimer.
/// Owns its (native, 64-byte aligned) storage: 32 MiB for a guest of 1 TiB.
/// </summary>
public sealed unsafe class DirtyBitmap : IDisposable
{
    private readonly GuestMemory _memory;
    private ulong* _words;

    /// <summary>A bitmap for <paramref name="memory"/> with every bit clear.</summary>
    public DirtyBitmap(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
        WordCount = (long)memory.StripeCount * WordsPerStripe;
        var bytes = (nuint)WordCount * sizeof(ulong);
        _words = (ulong*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_words, bytes);
    }

    /// <summary>Frees the storage if the owner forgot to.</summary>
    ~DirtyBitmap() => Free();

    /// <summary>The memory whose pages the bits stand for.</summary>
    public GuestMemory Memory => _memory;

    /// <summary>64-bit words in the bitmap.</summary>
    public long WordCount { get; }

    /// <summary>Marks every page that exists.</summary>
    public void SetAll()
    {
        Span<ulong> mask = stackalloc ulong[WordsPerStripe];
        foreach (var block in _memory.Blocks)
        {
            for (var stripe = 0; stripe < block.StripeCount; stripe++)
            {
                GuestMemory.ExistingPages(block, stripe, mask);
                Or(block.FirstStripe + stripe, mask);
            }
        }
    }

    /// <summary>Marks <paramref name="count"/> pages of <paramref name="block"/> from its page <paramref name="page"/>.</summary>
    public void Set(RamBlock block, long page, long count)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (page < 0 || count < 0 || page > block.PageCount - count)
            throw new ArgumentOutOfRangeException(
                nameof(page), $"Pages {page}..{page + count - 1} do not lie in block '{block.Info.Name}' of {block.PageCount} pages.");
        ObjectDisposedException.ThrowIf(_words == null, this);
        var bit = block.FirstPage + page;
        for (var end = bit + count; bit < end;)
        {
            var inWord = (int)(bit & 63);
            var take = (int)Math.Min(64 - inWord, end - bit);
            Interlocked.Or(ref _words[bit >> 6], PageMask.FirstBits(take) << inWord);
            bit += take;
        }
        GC.KeepAlive(this); // The finalizer frees what the loop writes to.
    }

    /// <summary>Adds the bits of <paramref name="mask"/> (eight words) to <paramref name="stripe"/>. Returns how many were clear.</summary>
    public int Or(int stripe, ReadOnlySpan<ulong> mask)
    {
        var words = Stripe(stripe);
        var added = 0;
        for (var word = 0; word < WordsPerStripe; word++)
            if (mask[word] != 0)
                added += BitOperations.PopCount(mask[word] & ~Interlocked.Or(ref words[word], mask[word]));
        GC.KeepAlive(this);
        return added;
    }

    /// <summary>Clears the bits of <paramref name="mask"/> (eight words) in <paramref name="stripe"/>. Returns how many were set.</summary>
    public int Remove(int stripe, ReadOnlySpan<ulong> mask)
    {
        var words = Stripe(stripe);
        var removed = 0;
        for (var word = 0; word < WordsPerStripe; word++)
            if ((mask[word] & Volatile.Read(ref words[word])) != 0)
                removed += BitOperations.PopCount(mask[word] & Interlocked.And(ref words[word], ~mask[word]));
        GC.KeepAlive(this);
        return removed;
    }

    /// <summary>Sets in <paramref name="into"/> what is set here.</summary>
    internal void AddTo(DirtyBitmap into)
    {
        Span<ulong> bits = stackalloc ulong[WordsPerStripe];
        for (var stripe = 0; stripe < _memory.StripeCount; stripe++)
        {
            if (!Any(stripe)) continue;
            Read(stripe, bits);
            _ = into.Or(stripe, bits);
        }
    }

    /// <summary>
    /// Takes all bits of <paramref name="stripe"/> into <paramref name="claimed"/> (eight words) and clears them. Returns how many
    /// it took. Clean words are only read: an exchange of a clean line would make it travel between cores for nothing.
    /// </summary>
    public int Claim(int stripe, Span<ulong> claimed)
    {
        var words = Stripe(stripe);
        var count = 0;
        for (var word = 0; word < WordsPerStripe; word++)
        {
            var bits = Volatile.Read(ref words[word]) == 0 ? 0 : Interlocked.Exchange(ref words[word], 0);
            claimed[word] = bits;
            count += BitOperations.PopCount(bits);
        }
        GC.KeepAlive(this);
        return count;
    }

    /// <summary>Copies the bits of <paramref name="stripe"/> to <paramref name="mask"/> (eight words) and leaves them.</summary>
    public void Read(int stripe, Span<ulong> mask) => new ReadOnlySpan<ulong>(Stripe(stripe), WordsPerStripe).CopyTo(mask);

    /// <summary>Whether any page of <paramref name="stripe"/> is marked.</summary>
    public bool Any(int stripe)
    {
        var any = new ReadOnlySpan<ulong>(Stripe(stripe), WordsPerStripe).ContainsAnyExcept(0UL);
        GC.KeepAlive(this);
        return any;
    }

    /// <summary>
    /// The first stripe with a marked page from <paramref name="stripe"/> on and before <paramref name="end"/>; that where there is none. Clean memory is most of
    /// a large guest, and goes by as fast as its bits are read, which it does not with a call for each stripe.
    /// </summary>
    public int FirstMarked(int stripe, int end)
    {
        ObjectDisposedException.ThrowIf(_words == null, this);
        if (stripe < 0 || stripe > end || end > _memory.StripeCount)
            throw new ArgumentOutOfRangeException(nameof(stripe), stripe, $"Stripes up to {end} of a guest that has {_memory.StripeCount}.");
        // A span has room for 2^31 words: a guest of 512 TiB.
        var word = new ReadOnlySpan<ulong>(_words + ((long)stripe * WordsPerStripe), checked((end - stripe) * WordsPerStripe)).IndexOfAnyExcept(0UL);
        GC.KeepAlive(this);
        return word < 0 ? end : stripe + (word / WordsPerStripe);
    }

    /// <summary>Whether page <paramref name="page"/> of <paramref name="block"/> is marked.</summary>
    public bool IsSet(RamBlock block, long page)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)page, (ulong)block.PageCount, nameof(page));
        ObjectDisposedException.ThrowIf(_words == null, this);
        var bit = block.FirstPage + page;
        var word = Volatile.Read(ref _words[bit >> 6]);
        GC.KeepAlive(this);
        return (word >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>The marked pages now. Exact only while nothing marks or claims.</summary>
    public long Count()
    {
        ObjectDisposedException.ThrowIf(_words == null, this);
        long count = 0;
        for (long word = 0; word < WordCount; word++)
            count += BitOperations.PopCount(_words[word]);
        GC.KeepAlive(this);
        return count;
    }

    /// <summary>The marked pages of <paramref name="stripe"/> now. Exact only while nothing marks or claims.</summary>
    internal int Count(int stripe)
    {
        var words = Stripe(stripe);
        var count = 0;
        for (var word = 0; word < WordsPerStripe; word++) count += BitOperations.PopCount(words[word]);
        GC.KeepAlive(this);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private ulong* Stripe(int stripe)
    {
        if ((uint)stripe >= (uint)_memory.StripeCount)
            throw new ArgumentOutOfRangeException(nameof(stripe), stripe, $"The guest has {_memory.StripeCount} stripes.");
        ObjectDisposedException.ThrowIf(_words == null, this);
        return _words + ((long)stripe * WordsPerStripe);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_words);
        _words = null;
    }
}
