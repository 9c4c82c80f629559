using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>The network goes away, loudly or silently, before the guest was given away.</summary>
[Collection("machine")]
public sealed class LostConnectionTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public Task CutInMidPass_GuestGoesOn(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        return FailureScene.PlayAsync(async scene =>
        {
            using var relay = new CutRelay(scene.Pair.Listener.Address, 20 << 20, relay => relay.Cut());
            var (sent, received) = await scene.Pair.RunAsync(relay.Address);
            Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.ConnectionLost), (received.Status, received.Error!.Code));
            Assert.DoesNotContain("pause", scene.Pair.SourceHost.Steps);
            await scene.AssertGuestGoesOnAsync(
                sent, MigrationStatus.Failed, MigrationErrorCode.ConnectionLost, MigrationSide.Source, "pass", "control");
        }, kind);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "save opaque")]
    [InlineData(GuestKind.Synthetic, "save opaque")]
    [InlineData(GuestKind.Kvm, "release")]
    [InlineData(GuestKind.Synthetic, "release")]
    public Task CutAfterTheStop_GuestGoesOn(GuestKind kind, string step)
    {
        NeedsKvm.OrSkip(kind);
        return FailureScene.PlayAsync(async scene =>
        {
            using var relay = new CutRelay(scene.Pair.Listener.Address);
            scene.Pair.SourceHost.Before(step, async cancel =>
            {
                relay.Cut();
                await Task.Delay(Timeout.Infinite, cancel); // Until the source has noticed.
            });
            var (sent, _) = await scene.Pair.RunAsync(relay.Address);
            Assert.Contains("resume", scene.Pair.SourceHost.Steps);
            await scene.AssertGuestGoesOnAsync(
                sent, MigrationStatus.Failed, MigrationErrorCode.ConnectionLost, MigrationSide.Source,
                "final-memory", "save-state opaque", "release", "give", "control");
        }, kind);
    }

    [Fact]
    public Task StallInTheHandshake_TimesOut() => FailureScene.PlayAsync(async scene =>
    {
        using var relay = new CutRelay(scene.Pair.Listener.Address);
        relay.Stall();
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { HandshakeTimeout = Idle };
        var (sent, _) = await scene.Pair.RunAsync(relay.Address);
        Assert.InRange(sent.TotalTime!.Value, 900, 3000);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.Timeout, MigrationSide.Source, "handshake");
    });

    [Fact]
    public Task StallInMidPass_TimesOutOnBothSides() => FailureScene.PlayAsync(async scene =>
    {
        using var relay = new CutRelay(scene.Pair.Listener.Address, 20 << 20, relay => relay.Stall());
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { IdleTimeout = Idle };
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { IdleTimeout = Idle };
        var (sent, received) = await scene.Pair.RunAsync(relay.Address);
        Assert.InRange(sent.TotalTime!.Value, 900, 4000);
        Assert.Equal(
            (MigrationErrorCode.Timeout, MigrationSide.Destination, "receive"), (received.Error!.Code, received.Error.Side, received.Error.Step));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.Timeout, MigrationSide.Source, "pass", "fence");
    });

    [Fact]
    public Task StallAfterTheStop_TimesOut() => FailureScene.PlayAsync(async scene =>
    {
        using var relay = new CutRelay(scene.Pair.Listener.Address);
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { IdleTimeout = Idle };
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { IdleTimeout = Idle };
        scene.Pair.SourceHost.Before("save opaque", relay.Stall);
        var (sent, _) = await scene.Pair.RunAsync(relay.Address);
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.Timeout, MigrationSide.Source, "final-memory", "await-prepared");
    });
}
