using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.Memory;

public sealed unsafe class HoleFinderTests
{
    /// <summary>Random patterns of written pages, a block that starts inside its file, a short last stripe: the answer is the truth.</summary>
    [Fact]
    public void The_pages_found_are_exactly_those_that_were_written() =>
        PropertyCheck.Holds<(int Seed, ushort[] Pages, (ushort From, ushort Count)[] Runs)>(written =>
        {
            const int FilePages = (4 * PagesPerStripe) + 100;
            using var file = AllocatedMemory.Create("sparse", FilePages * PageSize);
            var truth = new bool[FilePages];
            foreach (var page in written.Pages ?? []) truth[page % FilePages] = true;
            foreach (var (from, count) in written.Runs ?? [])
                for (var page = from % FilePages; page < Math.Min(FilePages, (from % FilePages) + (count % 1500)); page++) truth[page] = true;
            for (var page = 0; page < FilePages; page++)
                if (truth[page]) ((byte*)file.Address)[page * PageSize] = 1;

            var skip = (int)((uint)written.Seed % 700);
            var memory = new GuestMemory([file.Block("part", 0, skip * PageSize, (FilePages - skip) * PageSize)]);
            var finder = new HoleFinder(memory);
            var before = AllocatedBytes(file);
            // Any order of asking, each stripe more than once: what one answer left behind must not spoil another.
            var random = new Random(written.Seed);
            for (var ask = 0; ask < 12; ask++)
                AssertTruth(finder, memory.Blocks[0], random.Next(memory.StripeCount), truth, skip);
            Assert.Equal(before, AllocatedBytes(file));
        }, tests: 150);

    [Fact]
    public void A_file_of_holes_has_no_data_and_asking_fills_none()
    {
        using var file = AllocatedMemory.Create("empty", 8L * StripeSize);
        var memory = new GuestMemory([file.Block("ram", 0)]);
        var finder = new HoleFinder(memory);
        var mask = new ulong[WordsPerStripe];
        for (var stripe = 0; stripe < 8; stripe++)
        {
            Assert.False(finder.DataPages(memory.Blocks[0], stripe, mask));
            Assert.True(PageMask.IsEmpty(mask));
        }
        Assert.Equal(0, AllocatedBytes(file));
    }

    /// <summary>A guest that fills a hole before its page is protected again makes no news: a remembered hole would lose the page.</summary>
    [Fact]
    public void A_hole_that_was_filled_since_is_found()
    {
        using var file = AllocatedMemory.Create("filled", 4L * StripeSize);
        var memory = new GuestMemory([file.Block("ram", 0)]);
        var finder = new HoleFinder(memory);
        var mask = new ulong[WordsPerStripe];
        Assert.False(finder.DataPages(memory.Blocks[0], 2, mask));
        ((byte*)file.Address)[(2 * StripeSize) + (77 * PageSize)] = 1;
        Assert.True(finder.DataPages(memory.Blocks[0], 2, mask));
        Assert.Equal(1, PageMask.Count(mask));
        Assert.Equal(1UL << 13, mask[1]);
    }

    /// <summary>Shows that an extent is walked once: after the answer, the file behind it is gone and the answers stay.</summary>
    [Fact]
    public void One_answer_settles_every_stripe_of_its_extent()
    {
        using var file = AllocatedMemory.Create("extent", 6L * StripeSize);
        MemoryPopulator.Populate(file.Address + (3 * PageSize), (5L * StripeSize) - (3 * PageSize), 1);
        var memory = new GuestMemory([file.Block("ram", 0)]);
        var finder = new HoleFinder(memory);
        var mask = new ulong[WordsPerStripe];
        Assert.True(finder.DataPages(memory.Blocks[0], 0, mask));
        Assert.Equal(509, PageMask.Count(mask));

        Assert.Equal(0, MemoryNative.Ftruncate(file.Fd, 0));
        for (var stripe = 0; stripe < 5; stripe++)
        {
            Assert.True(finder.DataPages(memory.Blocks[0], stripe, mask));
            Assert.Equal(stripe == 0 ? 509 : 512, PageMask.Count(mask));
        }
        Assert.False(finder.DataPages(memory.Blocks[0], 5, mask));
    }

    [Fact]
    public void A_full_file_and_a_block_without_a_file_are_all_data()
    {
        using var file = AllocatedMemory.Create("full", (2L * StripeSize) + PageSize);
        MemoryPopulator.Populate(file.Address, file.Length, 1);
        using var sparse = AllocatedMemory.Create("unknown", StripeSize);
        var memory = new GuestMemory([file.Block("ram", 0), sparse.Block("no file", 1 << 30) with { Fd = -1, FdOffset = 0 }]);
        var finder = new HoleFinder(memory);
        AssertAllData(finder, memory);
    }

    /// <summary>Each of these would make written pages look like holes.</summary>
    [Theory]
    [InlineData("another file")]
    [InlineData("another offset")]
    [InlineData("closed")]
    public void A_descriptor_that_is_not_behind_the_memory_is_not_believed(string fault)
    {
        using var file = AllocatedMemory.Create("real", 2L * StripeSize);
        using var other = AllocatedMemory.Create("other", 4L * StripeSize);
        var block = file.Block("ram", 0);
        var memory = new GuestMemory([fault switch
        {
            "another file" => block with { Fd = other.Fd },
            "another offset" => block with { FdOffset = PageSize },
            _ => block with { Fd = 1_000_000 },
        }]);
        AssertAllData(new HoleFinder(memory), memory);
    }

    [Fact]
    public void A_private_mapping_is_not_believed()
    {
        using var file = AllocatedMemory.Create("private", 2L * StripeSize);
        var copy = MemoryNative.Mmap(0, (nuint)file.Length, MemoryNative.ProtReadWrite, MemoryNative.MapPrivate, file.Fd, 0);
        try
        {
            var memory = new GuestMemory([file.Block("ram", 0) with { HostAddress = copy }]);
            AssertAllData(new HoleFinder(memory), memory);
        }
        finally
        {
            _ = MemoryNative.Munmap(copy, (nuint)file.Length);
        }
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        using var file = AllocatedMemory.Create("quiet", 64L * StripeSize);
        for (var stripe = 0; stripe < 64; stripe += 2) ((byte*)file.Address)[(long)stripe * StripeSize] = 1;
        var memory = new GuestMemory([file.Block("ram", 0)]);
        var finder = new HoleFinder(memory);
        var mask = new ulong[WordsPerStripe];
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var stripe = 0; stripe < 64; stripe++) finder.DataPages(memory.Blocks[0], stripe, mask);
            if (round > 0) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void AssertTruth(HoleFinder finder, RamBlock block, int stripe, bool[] truth, int skip)
    {
        var mask = new ulong[WordsPerStripe];
        var any = finder.DataPages(block, stripe, mask);
        Assert.Equal(!PageMask.IsEmpty(mask), any);
        for (var page = 0; page < PagesPerStripe; page++)
        {
            var written = page < block.PagesInStripe(stripe) && truth[skip + (stripe * PagesPerStripe) + page];
            Assert.Equal(written, (mask[page / 64] >> (page % 64) & 1) != 0);
        }
    }

    private static void AssertAllData(HoleFinder finder, GuestMemory memory)
    {
        var mask = new ulong[WordsPerStripe];
        foreach (var block in memory.Blocks)
        {
            for (var stripe = 0; stripe < block.StripeCount; stripe++)
            {
                Assert.True(finder.DataPages(block, stripe, mask));
                Assert.Equal(block.PagesInStripe(stripe), PageMask.Count(mask));
            }
        }
    }

    private static long AllocatedBytes(AllocatedMemory memory)
    {
        Assert.True(FileFacts.TryRead(memory.Fd, out var facts));
        return (long)facts.Blocks * 512;
    }
}
