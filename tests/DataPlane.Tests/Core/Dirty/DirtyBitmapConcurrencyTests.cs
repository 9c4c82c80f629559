using System.Numerics;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Dirty;

/// <summary>Markers and claimers at once: a bit that was set is handed to exactly one claimer, whatever the interleaving.</summary>
public sealed class DirtyBitmapConcurrencyTests
{
    private const int Stripes = 4;
    private const int Pages = (Stripes * PagesPerStripe) - 3;
    private static readonly GuestMemory Memory = AddressOnlyMemory.OfPages(Pages);

    [Fact]
    public void Every_page_marked_once_is_claimed_once()
    {
        for (var round = 0; round < 200; round++)
        {
            using var bitmap = new DirtyBitmap(Memory);
            var claims = new int[Stripes * PagesPerStripe];
            var marking = 2;
            Run(
                () => MarkEachOnce(bitmap, even: true, ref marking),
                () => MarkEachOnce(bitmap, even: false, ref marking),
                () => ClaimWhile(bitmap, claims, ref marking),
                () => ClaimWhile(bitmap, claims, ref marking));
            ClaimAll(bitmap, claims);
            Assert.All(claims[..Pages], count => Assert.Equal(1, count));
            Assert.All(claims[Pages..], count => Assert.Equal(0, count));
        }
    }

    [Fact]
    public void What_Or_adds_is_what_claimers_take()
    {
        long added = 0, taken = 0;
        var marking = 2;
        using var bitmap = new DirtyBitmap(Memory);
        void Mark(int seed)
        {
            var random = new Random(seed);
            var mask = new ulong[WordsPerStripe];
            for (var i = 0; i < 100_000; i++)
            {
                mask[random.Next(WordsPerStripe)] = (ulong)random.NextInt64();
                Interlocked.Add(ref added, bitmap.Or(random.Next(Stripes - 1), mask));
            }
            Interlocked.Decrement(ref marking);
        }
        void Take()
        {
            var mask = new ulong[WordsPerStripe];
            while (Volatile.Read(ref marking) > 0)
                for (var stripe = 0; stripe < Stripes; stripe++)
                    Interlocked.Add(ref taken, bitmap.Claim(stripe, mask));
        }
        Run(() => Mark(1), () => Mark(2), Take, Take);
        Assert.Equal(added, taken + bitmap.Count());
        Assert.True(taken > 0, "No claim met a marker; the test showed nothing.");
    }

    private static void MarkEachOnce(DirtyBitmap bitmap, bool even, ref int marking)
    {
        // Neighbouring bits of one word come from two threads: the worst case for a lost update.
        for (var page = even ? 0 : 1; page < Pages; page += 2)
            bitmap.Set(Memory.Blocks[0], page, 1);
        Interlocked.Decrement(ref marking);
    }

    private static void ClaimWhile(DirtyBitmap bitmap, int[] claims, ref int marking)
    {
        while (Volatile.Read(ref marking) > 0) ClaimAll(bitmap, claims);
    }

    private static void ClaimAll(DirtyBitmap bitmap, int[] claims)
    {
        Span<ulong> mask = stackalloc ulong[WordsPerStripe];
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            if (bitmap.Claim(stripe, mask) == 0) continue;
            for (var word = 0; word < WordsPerStripe; word++)
                for (var bits = mask[word]; bits != 0; bits &= bits - 1)
                    Interlocked.Increment(ref claims[(stripe * PagesPerStripe) + (word * 64) + BitOperations.TrailingZeroCount(bits)]);
        }
    }

    private static void Run(params Action[] bodies)
    {
        using var start = new Barrier(bodies.Length);
        var threads = bodies.Select(body => new Thread(() =>
        {
            start.SignalAndWait();
            body();
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }
}
