using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Dirty;

public sealed class ExplicitDirtySourceTests
{
    private static readonly GuestMemory Memory = AddressOnlyMemory.OfPages(1, 600);

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(4095, 1, 0, 1)]
    [InlineData(4095, 2, 0, 2)]
    [InlineData(4096, 4096, 1, 1)]
    [InlineData(5000, 4096, 1, 2)]
    [InlineData((600 * 4096) - 1, 1, 599, 1)]
    [InlineData(0, 600 * 4096, 0, 600)]
    public void Every_page_a_written_range_touches_is_marked(long offset, long length, long first, long count)
    {
        using var source = new ExplicitDirtySource(Memory);
        using var bitmap = new DirtyBitmap(Memory);
        source.Mark(Memory.Blocks[1], offset, length);
        Assert.Equal(count, source.Sync(bitmap));
        Assert.Equal(count, bitmap.Count());
        for (var page = first; page < first + count; page++) Assert.True(bitmap.IsSet(Memory.Blocks[1], page));
    }

    [Fact]
    public void A_sync_takes_each_mark_once_and_counts_only_what_was_clear()
    {
        using var source = new ExplicitDirtySource(Memory);
        using var bitmap = new DirtyBitmap(Memory);
        bitmap.Set(Memory.Blocks[1], 0, 10);
        source.Mark(Memory.Blocks[1], 0, 12 * 4096);
        source.Mark(Memory.Blocks[0], 0, 1);
        Assert.Equal(3, source.Sync(bitmap));
        Assert.Equal(0, source.Sync(bitmap));
        Assert.Equal(13, bitmap.Count());
    }

    [Fact]
    public void Marks_made_before_the_start_and_after_a_claim_are_reported()
    {
        using var source = new ExplicitDirtySource(Memory);
        using var bitmap = new DirtyBitmap(Memory);
        source.Mark(Memory.Blocks[0], 0, 1);
        source.Start();
        Assert.Equal(1, source.Sync(bitmap));
        bitmap.Claim(0, stackalloc ulong[8]);
        source.Reprotect(0);
        source.Mark(Memory.Blocks[0], 0, 1);
        Assert.Equal(1, source.Sync(bitmap));
        source.Stop();
        Assert.Equal("explicit", source.Name);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, (600 * 4096) + 1)]
    [InlineData(600 * 4096, 1)]
    [InlineData(1, long.MaxValue)]
    public void Bytes_outside_the_block_are_refused(long offset, long length)
    {
        using var source = new ExplicitDirtySource(Memory);
        using var bitmap = new DirtyBitmap(Memory);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Mark(Memory.Blocks[1], offset, length));
        Assert.Equal(0, source.Sync(bitmap));
    }

    [Fact]
    public void An_empty_range_marks_nothing()
    {
        using var source = new ExplicitDirtySource(Memory);
        using var bitmap = new DirtyBitmap(Memory);
        source.Mark(Memory.Blocks[1], 0, 0);
        Assert.Equal(0, source.Sync(bitmap));
    }
}
