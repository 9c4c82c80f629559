using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A cap holds while the guest runs, is named as the limit, and is no part of the blackout.</summary>
[Collection("machine")]
public sealed class CappedMigrationTests
{
    private const long Cap = 24L << 20;

    [Fact]
    public Task Cap_HoldsThePassesAndNotTheBlackout() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with
        {
            MaxBytesPerSecond = Cap, DowntimeLimit = TimeSpan.FromMilliseconds(300), AvailSwitchoverBytesPerSecond = 1L << 30,
        };
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Equal("cap", sent.Bottleneck);
        var first = sent.Passes[0];
        Assert.True(first.DurationMs > 1000, $"{first.WireBytes} bytes in {first.DurationMs} ms."); // Else this shows nothing.
        Assert.InRange(first.BandwidthBytesPerSecond!.Value, 1, 1.05 * Cap);
        Assert.True(sent.Bandwidth!.SwitchoverBytesPerSecond > 1.5 * Cap, $"The last pages went at {sent.Bandwidth!.SwitchoverBytesPerSecond / (1 << 20):0} MiB/s.");
        Assert.Null(sent.Bandwidth!.LinkLimitedBytesPerSecond);
        Assert.NotNull(sent.Bandwidth.SourceLimitedBytesPerSecond);
    });

    [Fact]
    public Task ForecastFromTheCapAlone_SaysSo() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with
        {
            MaxBytesPerSecond = Cap, AvailSwitchoverBytesPerSecond = null, DowntimeLimit = TimeSpan.FromSeconds(1),
        };
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Contains("at capped ", sent.Passes[0].Reason, StringComparison.Ordinal);
    });

    [Fact]
    public Task CancelUnderALowCap_TakesEffectAtOnce() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        using var relay = new CutRelay(scene.Pair.Listener.Address, 1 << 20, _ => cancel.CancelAfter(200));
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { MaxBytesPerSecond = 1L << 20 };
        long cancelled = 0;
        cancel.Token.Register(() => cancelled = Environment.TickCount64);
        var (sent, _) = await scene.Pair.RunAsync(relay.Address, cancel.Token);
        Assert.InRange(Environment.TickCount64 - cancelled, 0, 2000); // Both sides have their results and have closed everything.
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, "pass");
    });
}
