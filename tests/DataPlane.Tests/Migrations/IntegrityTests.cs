using System.Net;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>`integrity pages`: a guest whose memory was changed on the way is not taken over, one that merely writes is.</summary>
[Collection("machine")]
public sealed class IntegrityTests
{
    // Behind the preamble, a header and the checksums of the first stripe, which is all data.
    private const int SomewhereInAPage = (64 + 168 + (512 * 4) + 300_000) * 8;

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, PageCompression.None)]
    [InlineData(GuestKind.Synthetic, PageCompression.None)]
    [InlineData(GuestKind.Synthetic, PageCompression.Lz4)]
    public async Task BusyGuest_MovesWhole_WithPageChecksums(GuestKind kind, PageCompression compression)
    {
        NeedsKvm.OrSkip(kind);
        var missing = PageFeatures.WhyMissing(PageFeatures.Required(compression));
        Skip.If(missing is not null, missing);
        using var source = Guest.CreateSource(GuestSizes.Busy(kind) with { Fill = MemoryFill.Mixed });
        using var destination = Guest.CreateDestination(GuestSizes.Busy(kind) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Integrity = IntegrityMode.Pages, Compression = compression };
        List<(int, long)>? different = null;
        pair.DestinationHost.Before("resume", () => different = MemoryComparer.Differences(source.Memory, destination.Memory));
        source.Start();
        GuestProgress.Await(source, 1000);
        var (sent, received) = await pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Empty(different!);
        if (compression == PageCompression.None) ResultChecks.Completed(sent, source.Memory, channels: 2);
        Assert.Equal((IntegrityMode.Pages, IntegrityMode.Pages), (sent.Integrity, received.Integrity));
        Assert.Equal(received.SuspectPages!.Seen, received.SuspectPages.Cleared);
        Assert.Contains("\"integrity\": \"pages\"", received.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APageChangedOnTheWay_HoldsTheHandoverBack()
    {
        using var end = new BackEnd();
        using var pair = Pair(end, IntegrityMode.Pages);
        var (sent, received) = await FlipAsync(pair);
        Assert.Equal((MigrationStatus.Failed, MigrationStatus.Failed), (sent.Status, received.Status));
        Assert.Equal(
            (MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, "integrity"), (sent.Error!.Code, sent.Error.Side, sent.Error.Step));
        Assert.Equal(5, FailureScene.ExitCode(sent));
        var (_, page) = Assert.Single(MemoryComparer.Differences(end.From, end.To));
        Assert.Contains($"1 pages is not what the source sent: 0x{page << 12:x} of 'ram'", received.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(new SuspectPagesReport(1, 0), received.SuspectPages);
        Assert.DoesNotContain("acquire", pair.DestinationHost.Steps);
        Assert.DoesNotContain("load dev", pair.DestinationHost.Steps);
        Assert.Contains("resume", pair.SourceHost.Steps);
    }

    /// <summary>What it is for: without it, and without a comparison of all pages, the guest would go on with that bit flipped.</summary>
    [Fact]
    public async Task APageChangedOnTheWay_IsNotSeenByHeadersAlone()
    {
        using var end = new BackEnd();
        using var pair = Pair(end, IntegrityMode.Headers);
        var (sent, received) = await FlipAsync(pair);
        Assert.Equal((MigrationStatus.Completed, IntegrityMode.Headers), (sent.Status, sent.Integrity));
        Assert.Null(received.SuspectPages);
        Assert.Single(MemoryComparer.Differences(end.From, end.To));
    }

    private static MigrationPair Pair(BackEnd end, IntegrityMode integrity)
    {
        var pair = new MigrationPair(end.From, end.Marks, new HookedHost(BackEnd.Host()), end.To, new HookedHost(BackEnd.Host()));
        pair.SourceOptions = pair.SourceOptions with { Channels = 1, Verify = VerifyMode.Digest, Integrity = integrity };
        return pair;
    }

    private static async Task<(MigrationResult Sent, MigrationResult Received)> FlipAsync(MigrationPair pair)
    {
        var target = new IPEndPoint(IPAddress.Parse(pair.Listener.Address.Host!), pair.Listener.Address.Port);
        await using var relay = new Relay(target, number => number == 1 ? new RelayPlan { FlipBit = SomewhereInAPage } : RelayPlan.Faithful);
        return await pair.RunAsync(MigrationAddress.Of(new IPEndPoint(IPAddress.Loopback, relay.EndPoint.Port)));
    }
}
