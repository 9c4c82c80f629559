using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>
/// A migration that will fail, and what holds afterwards whatever failed: the guest goes on at the source, whole; what the destination
/// lacks is known; nothing is held any more; and the next migration of the same guest succeeds.
/// </summary>
internal sealed class FailureScene : IDisposable
{
    private static readonly Lazy<Task> _warmUp = new(WarmUpAsync);

    private readonly GuestOptions _options;

    private FailureScene(GuestKind kind)
    {
        _options = GuestSizes.Busy(kind);
        Source = Guest.CreateSource(_options);
        Destination = Guest.CreateDestination(_options with { Poison = true });
        Pair = new MigrationPair(Source, Destination);
        Source.Start();
    }

    /// <summary>KVM where it works: its log is the harder one to put back.</summary>
    public static GuestKind AnyKind => Guest.KvmWorks(out _) ? GuestKind.Kvm : GuestKind.Synthetic;

    public IGuest Source { get; }

    public IGuest Destination { get; }

    public MigrationPair Pair { get; }

    /// <summary>Plays <paramref name="play"/>, and sees that the process holds afterwards what it held before.</summary>
    public static async Task PlayAsync(Func<FailureScene, Task> play, GuestKind? kind = null)
    {
        await _warmUp.Value;
        var before = ProcessHoldings.Now();
        using (var scene = new FailureScene(kind ?? AnyKind)) await play(scene);
        await ProcessHoldings.AssertBackAtAsync(before);
    }

    /// <param name="result">Of the source.</param>
    /// <param name="status">Expected.</param>
    /// <param name="code">Expected.</param>
    /// <param name="side">Expected.</param>
    /// <param name="steps">Those that the fault may be found in.</param>
    public async Task AssertGuestGoesOnAsync(
        MigrationResult result, MigrationStatus status, MigrationErrorCode code, MigrationSide side, params string[] steps)
    {
        Assert.Equal((status, code, side), (result.Status, result.Error!.Code, result.Error.Side));
        Assert.Contains(result.Error.Step, steps);
        Assert.False(Pair.SourceHost.Overlapped || Pair.DestinationHost.Overlapped, "Two steps of a host ran at once.");
        Assert.False(Destination.IsRunning);
        Assert.True(Source.IsRunning, result.Error.Message);
        GuestProgress.Await(Source, 200);
        await Source.PauseAsync(default);
        var invariant = Source.CheckInvariant();
        Assert.True(invariant.Holds, invariant.ToString());
        Assert.Empty(Pair.UnknownDifferences());
        await Source.ResumeAsync(default);
        await MigrateAgainAsync();
    }

    /// <summary>The exit code of a program that ends with <paramref name="result"/>.</summary>
    public static int ExitCode(MigrationResult result) => ExitCodes.Of(result, interrupted: false);

    public void Dispose()
    {
        Pair.Dispose();
        Source.Dispose();
        Destination.Dispose();
    }

    private async Task MigrateAgainAsync()
    {
        Pair.Dispose();
        using var destination = Guest.CreateDestination(_options with { Poison = true });
        using var pair = new MigrationPair(Source, destination);
        var (sent, _) = await pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Equal(0, sent.Verify!.Mismatched);
        GuestProgress.Await(destination, 200);
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
    }

    /// <summary>What the runtime makes once, at its first socket or timer, is no leak.</summary>
    private static async Task WarmUpAsync()
    {
        using var scene = new FailureScene(AnyKind);
        using var relay = new CutRelay(scene.Pair.Listener.Address);
        var (sent, _) = await scene.Pair.RunAsync(relay.Address);
        Assert.Null(sent.Error);
    }
}
