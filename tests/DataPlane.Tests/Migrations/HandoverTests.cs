using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>After COMMIT the guest is the destination's: what goes wrong from then on never lets it run on the source.</summary>
[Collection("machine")]
public sealed class HandoverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task RunningIsLost_SourceStaysPaused_AndSaysUncertain(bool cut) => FailureScene.PlayAsync(async scene =>
    {
        using var relay = new CutRelay(scene.Pair.Listener.Address);
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { HandoverTimeout = TimeSpan.FromSeconds(1) };
        scene.Pair.DestinationHost.Before("acquire", cut ? relay.Cut : relay.Stall);
        var (sent, received) = await scene.Pair.RunAsync(relay.Address);
        AssertUncertain(scene, sent);
        Assert.Equal(cut ? "control" : "await-running", sent.Error!.Step);
        Assert.Equal(MigrationStatus.Completed, received.Status);
        Assert.True(scene.Destination.IsRunning);
        GuestProgress.Await(scene.Destination, 200);
        await scene.Destination.PauseAsync(default);
        Assert.True(scene.Destination.CheckInvariant().Holds);
    });

    [Theory]
    [InlineData("acquire")]
    [InlineData("resume")]
    public Task DestinationHostThrowsAfterCommit_BothSaySo(string step) => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.DestinationHost.Before(step, () => throw new IOException("The disk is locked."));
        var (sent, received) = await scene.Pair.RunAsync();
        AssertUncertain(scene, sent);
        Assert.Equal((MigrationSide.Destination, step), (sent.Error!.Side, sent.Error.Step));
        Assert.Contains("The disk is locked.", sent.Error.PeerMessage, StringComparison.Ordinal);
        Assert.Equal(
            (MigrationStatus.Uncertain, MigrationErrorCode.HostFailed, step), (received.Status, received.Error!.Code, received.Error.Step));
        Assert.Equal(8, FailureScene.ExitCode(received));
        Assert.False(scene.Destination.IsRunning);
    });

    [Fact]
    public Task AnnounceThrows_GuestRunsThere() => FailureScene.PlayAsync(async scene =>
    {
        var lines = new List<string>();
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { Log = lines.Add };
        scene.Pair.DestinationHost.Before("announce", () => throw new IOException("No carrier."));
        var (sent, received) = await scene.Pair.RunAsync();
        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, received.Status));
        Assert.Contains(lines, line => line.Contains("No carrier.", StringComparison.Ordinal));
        Assert.True(scene.Destination.IsRunning);
    });

    private static void AssertUncertain(FailureScene scene, MigrationResult sent)
    {
        Assert.Equal((MigrationStatus.Uncertain, MigrationErrorCode.OwnershipUncertain), (sent.Status, sent.Error!.Code));
        Assert.Equal(8, FailureScene.ExitCode(sent));
        Assert.DoesNotContain("resume", scene.Pair.SourceHost.Steps);
        Assert.False(scene.Source.IsRunning);
    }
}
