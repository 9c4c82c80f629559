using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A cancel takes effect at once in whatever step it comes, until the guest is given away.</summary>
[Collection("machine")]
public sealed class CancelTests
{
    [Fact]
    public Task InTheHandshake() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        using var relay = new CutRelay(scene.Pair.Listener.Address, 1, relay =>
        {
            relay.Stall();
            cancel.Cancel();
        });
        var (sent, _) = await scene.Pair.RunAsync(relay.Address, cancel.Token);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, "handshake");
    });

    [Fact]
    public Task InMidPass() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        using var relay = new CutRelay(scene.Pair.Listener.Address, 20 << 20, _ => cancel.Cancel());
        var (sent, received) = await scene.Pair.RunAsync(relay.Address, cancel.Token);
        Assert.DoesNotContain("pause", scene.Pair.SourceHost.Steps);
        Assert.Equal((MigrationStatus.Cancelled, MigrationSide.Source), (received.Status, received.Error!.Side));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, "pass");
    });

    [Theory]
    [InlineData("pause", "stop")]
    [InlineData("save opaque", "save-state opaque")]
    [InlineData("release", "release")]
    public Task WithTheGuestStopped(string hook, string step) => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        scene.Pair.SourceHost.Before(hook, cancel.Cancel);
        var (sent, received) = await scene.Pair.RunAsync(cancel: cancel.Token);
        Assert.Equal("resume", scene.Pair.SourceHost.Steps[^1]);
        Assert.Equal(hook == "release", scene.Pair.SourceHost.Steps.Contains("acquire"));
        Assert.True(received.Status == MigrationStatus.Cancelled, received.Error!.ToString());
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, step);
    });

    [Fact]
    public Task ByTheDestination() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        scene.Pair.EndDestinationWhen(cancel.Token);
        using var relay = new CutRelay(scene.Pair.Listener.Address, 20 << 20, _ => cancel.Cancel());
        var (sent, received) = await scene.Pair.RunAsync(relay.Address);
        Assert.Equal((MigrationStatus.Cancelled, MigrationSide.Destination), (received.Status, received.Error!.Side));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Destination, "receive");
    });

    /// <summary>After COMMIT the outcome decides: the guest runs there, so the migration has completed.</summary>
    [Fact]
    public Task AfterTheHandover_HasNoEffect() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        scene.Pair.DestinationHost.Before("acquire", cancel.Cancel);
        var (sent, received) = await scene.Pair.RunAsync(cancel: cancel.Token);
        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, received.Status));
        Assert.False(scene.Source.IsRunning);
        Assert.True(scene.Destination.IsRunning);
    });
}
