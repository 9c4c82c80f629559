using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Thousands of strays through the same listener, before a migration and while it runs: it starts, completes and is whole.</summary>
[Collection("machine")]
public sealed class StrayFloodTests
{
    private const int Before = 4_000, Meanwhile = 6_000;

    [Fact]
    public async Task Ten_thousand_strays_neither_keep_the_source_out_nor_harm_the_migration()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(FailureScene.AnyKind));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(FailureScene.AnyKind) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        var lines = 0;
        pair.DestinationOptions = pair.DestinationOptions with { Log = _ => Interlocked.Increment(ref lines) };
        var (_, ended) = pair.StartDestination();
        var before = StrayFlood.Start(pair.Listener.Address, Before);
        StrayFlood? meanwhile = null;
        pair.SourceHost.Before("pause", () =>
        {
            // The migration is held in the middle until all of them have been there.
            meanwhile = StrayFlood.Start(pair.Listener.Address, Meanwhile);
            meanwhile.Join();
        });
        source.Start();
        var sent = await new MigrationSource(source.Memory, pair.Dirty, pair.SourceHost, pair.SourceOptions).RunAsync(pair.Listener.Address, default);
        before.Join();
        var received = await ended;

        Assert.Null(sent.Error);
        Assert.Equal((MigrationStatus.Completed, 0), (received.Status, sent.Verify!.Mismatched));
        Assert.Equal(source.Memory.PageCount, sent.Verify.Pages);
        Assert.Equal((0, 0), (before.Failed, meanwhile!.Failed));
        var refused = received.RefusedConnections!;
        // The last of the first ones may still be on their way when the migration ends.
        Assert.InRange(refused.Total, Meanwhile, Before + Meanwhile);
        Assert.True(Math.Min(refused.Garbage, Math.Min(refused.Silent, refused.OtherSession)) > Meanwhile / (2 * StrayFlood.Kinds), refused.ToString());
        Assert.InRange(lines, 20, 120); // Twenty, and one a second.
    }
}
