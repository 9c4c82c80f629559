using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Dirty;

public sealed class DirtyCensusTests
{
    private readonly GuestMemory _memory = AddressOnlyMemory.OfPages(8 * 512);
    private readonly ClearTimes _cleared = new(8);

    [Fact]
    public void New_pages_are_counted_over_the_time_since_their_stripe_was_cleared()
    {
        using var bitmap = new DirtyBitmap(_memory);
        var census = new DirtyCensus(_memory, _cleared);
        census.Start(1000);
        bitmap.Set(_memory.Blocks[0], 0, 3); // Marked before: not new.
        _cleared.Note(1, 1600);
        _cleared.Note(2, 1900);
        census.Before(bitmap);
        bitmap.Set(_memory.Blocks[0], 0, 5); // Two are new, clean since the start: 1000 ticks.
        bitmap.Set(_memory.Blocks[0], 512, 4); // Four in stripe 1: 400 ticks.
        bitmap.Set(_memory.Blocks[0], 1024, 2); // Two in stripe 2: 100 ticks.
        Assert.Equal(new DirtyCount(Pages: 11, Stripes: 3, Added: 8, ExposureTicks: ((2 * 1000) + (4 * 400) + (2 * 100)) / 8.0), census.After(bitmap, 2000));
    }

    [Fact]
    public void A_stripe_that_was_not_cleared_since_counts_from_the_read_before()
    {
        using var bitmap = new DirtyBitmap(_memory);
        var census = new DirtyCensus(_memory, _cleared);
        census.Start(0);
        _cleared.Note(0, 10);
        census.Before(bitmap);
        Assert.Equal(new DirtyCount(0, 0, 0, 500), census.After(bitmap, 500));
        census.Before(bitmap);
        bitmap.Set(_memory.Blocks[0], 7, 1);
        Assert.Equal(new DirtyCount(1, 1, 1, 200), census.After(bitmap, 700));
    }

    /// <summary>A channel claims while the sources are read: what it took is not counted as less than nothing.</summary>
    [Fact]
    public void What_is_claimed_meanwhile_makes_the_count_less_never_wrong()
    {
        using var bitmap = new DirtyBitmap(_memory);
        var census = new DirtyCensus(_memory, _cleared);
        census.Start(0);
        bitmap.Set(_memory.Blocks[0], 0, 100);
        census.Before(bitmap);
        Span<ulong> claimed = stackalloc ulong[PageGeometry.WordsPerStripe];
        _ = bitmap.Claim(0, claimed);
        bitmap.Set(_memory.Blocks[0], 0, 1);
        var found = census.After(bitmap, 100);
        Assert.Equal((1, 0), (found.Pages, found.Added));
    }
}
