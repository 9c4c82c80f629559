using System.Diagnostics;
using System.Runtime.Intrinsics;
using DataPlane.Bench.Compare.Peer;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Transport.Sending;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Compare;

/// <summary>
/// The product's ways through the bitmap of a guest that exists as addresses only, by this thread, and a plain read of as much memory. Every answer
/// is checked, that of a first time before any clock runs. Nobody finds the bitmap in a cache: other memory has been read in between, as a pass does.
/// </summary>
internal sealed unsafe class BitmapWalks : IDisposable
{
    /// <summary>The best of so many is told: what else the machine does only ever adds to so short a time.</summary>
    public const int Times = 9;

    // The runtime compiles what runs often anew, 0.1 s later at the earliest.
    private static readonly TimeSpan _toWarmUp = TimeSpan.FromMilliseconds(500);

    private readonly GuestMemory _memory;
    private readonly DirtyBitmap _bitmap;
    private readonly ExplicitDirtySource _source;
    private readonly StripeWalk _walk;
    private readonly ulong[] _words;
    private readonly GuestFiles _between;

    public BitmapWalks(int guestGiB, GuestFiles between)
    {
        _between = between;
        _memory = new GuestMemory([new RamBlockInfo("ram", PageSize, (long)guestGiB << 30, 0)]);
        _bitmap = new DirtyBitmap(_memory);
        _source = new ExplicitDirtySource(_memory);
        _walk = new StripeWalk(new StripeLots(_bitmap, 1), 0);
        while (!_walk.IsSettled) _ = _walk.Next();
        _words = GC.AllocateArray<ulong>(checked((int)_bitmap.WordCount), pinned: true);
        _words.AsSpan().Clear(); // Present, as the bitmap is.
    }

    /// <summary>Bytes of bitmap per second of a plain read.</summary>
    public double Read() => Best(() => { }, 0, () =>
    {
        fixed (ulong* words = _words) return ReadBandwidth.Or((byte*)words, _words.Length * sizeof(ulong)) == Vector512<byte>.Zero ? 0 : 1;
    });

    /// <summary>Bytes of bitmap per second of a round with the first <paramref name="pages"/> pages of every so many stripes marked.</summary>
    public double Walk(int everyStripe, int pages) => Best(() => Mark(everyStripe, pages), Pages(everyStripe, pages), Round);

    /// <summary>Bytes of bitmap per second of a sync; what it finds goes into a clean bitmap.</summary>
    public double Sync(int everyStripe, int pages) => Best(
        () =>
        {
            _ = Round();
            for (long stripe = 0; everyStripe > 0 && stripe < _memory.StripeCount; stripe += everyStripe)
                _source.Mark(_memory.Blocks[0], stripe * StripeSize, (long)pages << PageShift);
        },
        Pages(everyStripe, pages),
        () => _source.Sync(_bitmap));

    public void Dispose()
    {
        _source.Dispose();
        _bitmap.Dispose();
    }

    private void Mark(int everyStripe, int pages)
    {
        for (long stripe = 0; everyStripe > 0 && stripe < _memory.StripeCount; stripe += everyStripe)
            _bitmap.Set(_memory.Blocks[0], stripe * PagesPerStripe, pages);
    }

    private long Pages(int everyStripe, int pages) => everyStripe == 0 ? 0 : (_memory.StripeCount + everyStripe - 1) / everyStripe * (long)pages;

    // As a channel goes round, but that it sends what it claims.
    private long Round()
    {
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        long pages = 0;
        for (int stripe; (stripe = _walk.Next()) >= 0;)
            if (_bitmap.Any(stripe)) pages += _bitmap.Claim(stripe, claimed);
            else _ = _walk.SkipClean();
        return pages;
    }

    private double Best(Action prepare, long expected, Func<long> run)
    {
        var best = double.MaxValue;
        var began = Stopwatch.GetTimestamp();
        for (var times = 0; times < Times;)
        {
            prepare();
            _ = ReadBandwidth.Or((byte*)_between.Source.Address, _between.Bytes);
            var start = Stopwatch.GetTimestamp();
            var answer = run();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Answer.Check(expected, answer);
            if (Stopwatch.GetElapsedTime(began) < _toWarmUp) continue;
            best = Math.Min(best, seconds);
            times++;
        }
        return _bitmap.WordCount * sizeof(ulong) / best;
    }
}
