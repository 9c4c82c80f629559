using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Matrix;

/// <summary>
/// Memory of each kind by each codec, in blocks that are no multiple of a stripe, whose pages become zero and something else again while
/// they are sent.
/// </summary>
[Collection("machine")]
public sealed class MemoryContentsTests
{
    private const int ChangesDuringPasses = 6;

    /// <summary>A block of one page, one page less and one more than a stripe, a stripe, and several with a short one at the end.</summary>
    private static readonly long[] BlockPages = [1, PagesPerStripe - 1, PagesPerStripe, PagesPerStripe + 1, (2 * PagesPerStripe) + 77];

    public static TheoryData<string, PageCompression> KindsByCompression
    {
        get
        {
            var data = new TheoryData<string, PageCompression>();
            foreach (var kind in PageContents.Kinds)
                foreach (var compression in Enum.GetValues<PageCompression>())
                    data.Add(kind, compression);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(KindsByCompression))]
    public async Task PagesThatChangeDuringThePasses_ArriveAsTheyAreAtTheEnd(string kind, PageCompression compression)
    {
        NeedsCodecLibrary.OrSkip(compression);
        using GuardedMemory source = new(BlockPages), destination = new(BlockPages);
        using var marks = new ExplicitDirtySource(source.Memory);
        Change(source.Memory, kind, 0, marks: null);
        destination.Poison();
        var changes = 0;
        var dirty = new HookedDirtySource(marks, sync =>
        {
            if (sync <= ChangesDuringPasses) Change(source.Memory, kind, changes = sync, marks);
        });
        using var pair = new MigrationPair(source.Memory, dirty, Host(), destination.Memory, Host());
        // A bandwidth of next to nothing: the passes go on until nothing changes any more.
        pair.SourceOptions = pair.SourceOptions with { Channels = 3, Compression = compression, AvailSwitchoverBytesPerSecond = 1 };
        pair.SourceHost.After("pause", () => Change(source.Memory, kind, ++changes, marks));
        List<(int, long)>? different = null;
        pair.DestinationHost.Before("resume", () => different = MemoryComparer.Differences(source.Memory, destination.Memory));

        var (sent, _) = await pair.RunAsync();

        Assert.Null(sent.Error);
        Assert.Empty(different!);
        Assert.Equal(ChangesDuringPasses + 1, changes);
        Assert.True(source.GuardsAreIntact && destination.GuardsAreIntact, "Something was written beside the blocks.");
        ResultChecks.Completed(sent, source.Memory, 3);
        AssertSizeOnTheWire(sent, kind, compression);
    }

    private static HookedHost Host() => new(new IdleHost(new DeviceSection("dev", 1, 1)));

    /// <summary>
    /// Of 16 pages, and at both ends of each block: two change in turn from what they are to zero and back, opposite to each other, and one
    /// changes its contents. Version 0 gives all pages their first contents.
    /// </summary>
    private static void Change(GuestMemory memory, string kind, int version, ExplicitDirtySource? marks)
    {
        foreach (var block in memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
            {
                var role = page == block.PageCount - 1 ? 0 : page % 16;
                if (version > 0 && role is not (0 or 5 or 11)) continue;
                var zero = version > 0 && (role == 0 ? version % 2 == 1 : role == 5 && version % 2 == 0);
                var bytes = GuardedMemory.Page(block, page);
                if (zero) bytes.Clear();
                else PageContents.Fill(bytes, kind, block.FirstPage + page, version);
                marks?.Mark(block, page << PageShift, PageSize);
            }
    }

    private static void AssertSizeOnTheWire(MigrationResult sent, string kind, PageCompression compression)
    {
        if (kind == "zero") Assert.Equal(0, sent.Ram!.Normal);
        if (compression == PageCompression.None) return;
        Assert.True(sent.Ram!.CompressedBytes <= sent.Ram.NormalBytes, "Compression made more of it.");
        if (compression is PageCompression.Lz4 or PageCompression.Zstd && kind is ("text" or "all-alike" or "first-byte" or "last-byte" or "all-ones"))
            Assert.InRange(sent.Ram.CompressedBytes!.Value, 1, sent.Ram.NormalBytes / 2);
    }
}
