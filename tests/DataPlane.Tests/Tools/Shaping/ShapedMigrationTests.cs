using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Tools.Shaping;

/// <summary>Whole migrations over a shaped link: it is a link as any other, and its faults are those that a migration has to bear.</summary>
[Collection("machine")]
public sealed class ShapedMigrationTests
{
    private const long SomewhereInAPage = 64 + 168 + (512 * 4) + 300_000; // Behind the preamble, a header and the checksums of the first stripe.

    [Fact]
    public async Task LongLink_IsMigratedOver_AndItsRoundTripStandsInTheResult()
    {
        var delay = TimeSpan.FromMilliseconds(5);
        var (sent, strikes, different) = await RunAsync(new LinkShape { Delay = delay }, IntegrityMode.Headers);
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Empty(strikes);
        Assert.Empty(different);
        // PREPARED and RUNNING each come by a round trip of their own.
        Assert.True(sent.Downtime >= 2 * delay.TotalMilliseconds, $"{sent.Downtime}");
    }

    [Fact]
    public async Task BitFlipped_IsFoundByName()
    {
        var (sent, strikes, different) = await RunAsync(
            LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Flip, Target = LinkFaultTarget.Data, AtBytes = SomewhereInAPage }), IntegrityMode.Pages);
        Assert.Equal((LinkFaultKind.Flip, "data 0", SomewhereInAPage), Assert.Single(strikes) is var strike ? (strike.Kind, strike.Role, strike.Bytes) : default);
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.ProtocolViolation, "integrity"), (sent.Status, sent.Error!.Code, sent.Error.Step));
        Assert.Single(different);
    }

    [Theory]
    [InlineData(LinkFaultTarget.Control, "control")]
    [InlineData(LinkFaultTarget.Data, "data 0")]
    public async Task ConnectionLost_IsALostConnection_AndTheGuestStays(LinkFaultTarget target, string role)
    {
        var (sent, strikes, _) = await RunAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Reset, Target = target, AtBytes = 200 }), IntegrityMode.Headers);
        Assert.Equal((LinkFaultKind.Reset, role), Assert.Single(strikes) is var strike ? (strike.Kind, strike.Role) : default);
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.ConnectionLost), (sent.Status, sent.Error!.Code));
    }

    private static async Task<(MigrationResult Sent, IReadOnlyList<LinkFaultStrike> Strikes, List<(int Block, long Page)> Different)> RunAsync(LinkShape shape, IntegrityMode integrity)
    {
        using var end = new BackEnd();
        using var pair = new MigrationPair(end.From, end.Marks, new HookedHost(BackEnd.Host()), end.To, new HookedHost(BackEnd.Host()));
        pair.SourceOptions = pair.SourceOptions with { Channels = 1, Verify = VerifyMode.Digest, Integrity = integrity };
        await using var link = await ShapedLink.OpenAsync(shape, ShapingChoice.Relay, default);
        var (sent, _) = await pair.RunAsync(link.Reach(pair.Listener.Address));
        return (sent, link.Strikes, MemoryComparer.Differences(end.From, end.To));
    }
}
