using System.Net;
using DataPlane.Core.Memory;
using DataPlane.Linux.Userfault;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Migrations;

/// <summary>Pages that the host has discarded are neither read nor sent, and the destination keeps what it has there; all others arrive.</summary>
[Collection("machine")]
public sealed class DiscardedPagesTests
{
    private static readonly int[] _populated = [600, 1026, 3];

    /// <summary>A whole stripe, every other page of one, a single one, one on each side of a stripe's border, and the end of the block.</summary>
    private static bool Some(int page) =>
        page is >= 512 and < 1024 || (page is >= 1024 and < 1536 && page % 2 == 0) || page is 3 or 1536 or 2047 or 2048 || page >= BalloonedGuest.Pages - 37;

    [SkippableTheory]
    [InlineData(PageCompression.None, 0, IntegrityMode.Headers)]
    [InlineData(PageCompression.None, 0, IntegrityMode.Pages)]
    [InlineData(PageCompression.Lz4, 0, IntegrityMode.Headers)]
    [InlineData(PageCompression.Lz4, 2, IntegrityMode.Pages)]
    public async Task They_stay_where_they_are(PageCompression compression, int threads, IntegrityMode integrity)
    {
        var missing = PageFeatures.WhyMissing(PageFeatures.Required(compression));
        Skip.If(missing is not null, missing);
        using var guest = new BalloonedGuest(Some);
        guest.Pair.SourceOptions = guest.Pair.SourceOptions with { Compression = compression, CompressThreads = threads, Integrity = integrity };
        var result = await MovedAsync(guest, Some);
        var left = Enumerable.Range(0, BalloonedGuest.Pages).Count(Some);
        Assert.Equal(left, result.Ram!.Discarded);
        Assert.Equal(left, result.Passes.Sum(pass => pass.DiscardedPages));
        Assert.Equal(BalloonedGuest.Pages, result.Ram.Normal + result.Ram.Duplicate + left);
        Assert.Contains($"\"discarded\": {left}", result.ToJson(), StringComparison.Ordinal);
        for (var page = 0; page < BalloonedGuest.Pages; page++)
            if (Some(page)) Assert.Equal(BalloonedGuest.Before, guest.Arrived(page));
    }

    /// <summary>Everything is discarded: nothing but the device moves.</summary>
    [Fact]
    public async Task A_guest_of_nothing_else_moves()
    {
        using var guest = new BalloonedGuest(_ => true);
        var result = await MovedAsync(guest, _ => true);
        Assert.Equal((0, 0), (result.Ram!.Normal, result.Ram.Duplicate));
    }

    /// <summary>A page that is populated while passes run is written, hence marked, hence sent; its neighbours stay where they are.</summary>
    [Fact]
    public async Task What_is_populated_meanwhile_arrives()
    {
        using var guest = new BalloonedGuest(Some, beforeSync: (guest, sync) =>
        {
            if (sync != 1) return;
            foreach (var page in _populated)
            {
                guest.Map.Populate(page, 1);
                guest.Write(page, 0x77);
                guest.Mark(page);
            }
        });
        _ = await MovedAsync(guest, page => Some(page) && !_populated.Contains(page), holes: false);
        Assert.Equal(0x77, guest.Arrived(600));
        Assert.Equal(0x77, guest.Arrived(1026));
    }

    /// <summary>Its stripe was protected again though nothing of it was sent: what tracking sees of it later needs no mark.</summary>
    [SkippableFact]
    public async Task What_tracking_sees_of_a_populated_page_arrives_without_a_mark()
    {
        using (var tried = new BalloonedGuest(Some))
            if (!UserfaultDirtySource.Works(tried.Memory, out var missing)) Skip.If(true, missing);
        using var guest = new BalloonedGuest(Some, memory => new UserfaultDirtySource(memory), (guest, sync) =>
        {
            if (sync == 1)
            {
                guest.Map.Populate(700, 1);
                guest.Write(700, 0x66);
                guest.Write(10, 0x66); // So that there is another pass, whose channels have met all stripes.
            }
            else if (sync == 2)
            {
                guest.Write(700, 0x67);
            }
        });
        _ = await MovedAsync(guest, page => Some(page) && page != 700, holes: false);
        Assert.Equal(0x67, guest.Arrived(700));
    }

    /// <summary>What is discarded when it was sent is not sent again, and nobody reads what is left of it.</summary>
    [Fact]
    public async Task What_is_discarded_meanwhile_is_let_alone()
    {
        var reads = 0;
        using var guest = new BalloonedGuest(Some, beforeSync: (guest, sync) =>
        {
            reads = sync;
            if (sync != 1) return;
            guest.Write(200, 0x55);
            guest.Mark(200);
            guest.Map.Discard(200, 1);
            guest.Map.Discard(400, 100);
        });
        var result = await MovedAsync(guest, page => Some(page) || page is 200 or (>= 400 and < 500));
        Assert.True(reads > 1);
        Assert.Equal(Enumerable.Range(0, BalloonedGuest.Pages).Count(Some) + 1, result.Ram!.Discarded);
        Assert.Equal(1 + (200 % 200), guest.Arrived(200)); // As it was sent before.
    }

    [Fact]
    public async Task Another_attempt_leaves_them_out_too()
    {
        var failed = false;
        using var guest = new BalloonedGuest(Some);
        guest.Source.Before("release", () =>
        {
            if (failed) return;
            failed = true;
            throw new InvalidOperationException("not yet");
        });
        guest.Pair.SourceOptions = guest.Pair.SourceOptions with { Retries = 1 };
        var result = await MovedAsync(guest, Some);
        _ = Assert.Single(result.Attempts);
    }

    /// <summary>The copy that came was damaged, and no other will come, since the guest has given the page up: it is told of as zero, and holds nothing back.</summary>
    [Fact]
    public async Task A_damaged_page_that_is_discarded_does_not_hold_the_handover_back()
    {
        const int Damaged = 73; // Behind the preamble, a header and the sums of the first stripe, which is all data but for one page.
        using var guest = new BalloonedGuest(page => page > 600, beforeSync: (guest, sync) =>
        {
            if (sync != 1) return;
            guest.Map.Discard(0, 512);
            guest.Mark(0, 512);
        });
        guest.Pair.SourceOptions = guest.Pair.SourceOptions with { Channels = 1, Integrity = IntegrityMode.Pages };
        var address = guest.Pair.Listener.Address;
        await using var relay = new Relay(
            new IPEndPoint(IPAddress.Parse(address.Host!), address.Port),
            number => number == 1 ? new RelayPlan { FlipBit = (64 + 168 + (512 * 4) + (Damaged * PageSize) + 100) * 8 } : RelayPlan.Faithful);
        var (sent, received) = await guest.Pair.RunAsync(MigrationAddress.Of(new IPEndPoint(IPAddress.Loopback, relay.EndPoint.Port)));
        Assert.Null(sent.Error);
        Assert.Equal(new SuspectPagesReport(1, 1), received.SuspectPages);
        Assert.Equal(0, guest.Arrived(Damaged));
    }

    [Fact]
    public void A_map_of_another_size_is_refused()
    {
        using var pages = new NativePages(4);
        using var map = new DiscardMap(5);
        unsafe
        {
            var block = new RamBlockInfo("ram", (nint)pages.Address, pages.Bytes, 0) { Discarded = map };
            var refused = Assert.Throws<ArgumentException>(() => new GuestMemory([block]));
            Assert.Contains("its discard map speaks of 5 pages, and it has 4", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Moves it with every page compared: all but those of <paramref name="discarded"/>, as the map stands at the end.</summary>
    private static async Task<MigrationResult> MovedAsync(BalloonedGuest guest, Func<int, bool> discarded, bool holes = true)
    {
        var (sent, received) = await guest.Pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, received.Status));
        var compared = Enumerable.Range(0, BalloonedGuest.Pages).Where(page => !discarded(page)).ToArray();
        Assert.Equal((compared.Length, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
        if (holes) Assert.True(guest.HolesAreHoles, "A discarded page was read.");
        Assert.All(compared, page => Assert.Equal(guest.Held(page), guest.Arrived(page)));
        return sent;
    }
}
