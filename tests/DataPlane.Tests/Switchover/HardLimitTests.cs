using System.Diagnostics;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>A blackout that would be longer than allowed is called off, and the guest runs again in time.</summary>
[Collection("machine")]
public sealed class HardLimitTests
{
    private static readonly TimeSpan Downtime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan More = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Allowed = Downtime + More + TimeSpan.FromMilliseconds(20);

    /// <summary>The link carries 20 MB/s, and is said to carry 2 GB/s.</summary>
    [Fact]
    public Task Bandwidth_declared_a_hundred_times_too_high() => FailureScene.PlayAsync(async scene =>
    {
        await using var relay = new Relay(EndPointOf(scene), number => number == 0 ? RelayPlan.Faithful : new RelayPlan { BytesPerSecond = 10_000_000 });
        // Long enough to show what the link does.
        var limit = TimeSpan.FromMilliseconds(800);
        scene.Pair.SourceOptions = Limited(scene) with { AvailSwitchoverBytesPerSecond = 2_000_000_000, Timeout = TimeSpan.FromMinutes(1), SwitchoverLimit = limit };
        using var stood = new Standstill(scene);
        var (sent, received) = await scene.Pair.RunAsync(MigrationAddress.Of(relay.EndPoint));
        Assert.Equal(ExitCodes.LimitMissed, FailureScene.ExitCode(sent));
        Assert.NotEqual(MigrationStatus.Completed, received.Status);
        stood.AssertWithin(Downtime + limit + TimeSpan.FromMilliseconds(20));
        Assert.Contains(sent.Warnings, warning => warning.Contains("called off", StringComparison.Ordinal));
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.LimitMissed, sent.Error!.Side, "final-memory", "await-prepared", "receive", "fence");
    });

    [Theory]
    [InlineData("save opaque", "save-state opaque", MigrationSide.Source)]
    [InlineData("load opaque", "load-state opaque", MigrationSide.Destination)]
    [InlineData("release", "release", MigrationSide.Source)]
    public Task Device_that_takes_longer_than_it_declared(string step, string named, MigrationSide side) => FailureScene.PlayAsync(async scene =>
    {
        var host = side == MigrationSide.Source ? scene.Pair.SourceHost : scene.Pair.DestinationHost;
        host.Before(step, cancel => Task.Delay(TimeSpan.FromSeconds(30), cancel));
        // The comparison of the memories, which comes before the release, does not count against the limit.
        scene.Pair.SourceOptions = Limited(scene) with { Verify = VerifyMode.Digest };
        using var stood = new Standstill(scene);
        var (sent, _) = await scene.Pair.RunAsync();
        stood.AssertWithin(Allowed);
        Assert.Equal(ExitCodes.LimitMissed, FailureScene.ExitCode(sent));
        Assert.Contains("called off", $"{sent.Error!.Message} {sent.Error.PeerMessage}", StringComparison.Ordinal);
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.LimitMissed, sent.Error.Side, named, "await-prepared");
    });

    /// <summary>It looks at no token for a second: the guest stands as much longer, and the result says by whose fault.</summary>
    [Fact]
    public Task Callback_that_hangs_moves_the_bound_and_is_named() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceHost.Before("save opaque", _ => Task.Delay(TimeSpan.FromSeconds(1.2), CancellationToken.None));
        scene.Pair.SourceOptions = Limited(scene);
        using var stood = new Standstill(scene);
        var (sent, _) = await scene.Pair.RunAsync();
        stood.AssertWithin(TimeSpan.FromSeconds(1.2) + TimeSpan.FromMilliseconds(20));
        Assert.Contains(sent.Warnings, warning => warning.StartsWith("The host's save-state opaque went on for ", StringComparison.Ordinal));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.LimitMissed, MigrationSide.Source, "save-state opaque");
    });

    [Fact]
    public Task Overrun_after_the_handover_completes_and_says_so() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.DestinationHost.Before("acquire", _ => Task.Delay(TimeSpan.FromMilliseconds(400), CancellationToken.None));
        scene.Pair.SourceOptions = Limited(scene);
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.True(sent.LimitExceededUs > 100_000, $"{sent.LimitExceededUs}");
        Assert.Equal((sent.Downtime!.Value - Downtime.TotalMilliseconds - More.TotalMilliseconds) * 1e3, sent.LimitExceededUs!.Value, 0.01);
        Assert.Equal(ExitCodes.OverTheLimit, FailureScene.ExitCode(sent));
    });

    /// <summary>A link that stalls just then: the destination, which is prepared, lets nobody run a guest whose blackout is over the limit.</summary>
    [Fact]
    public Task Commit_that_comes_too_late_is_not_carried_out() => FailureScene.PlayAsync(async scene =>
    {
        await using var relay = new WireRelay(scene.Pair.Listener.Address);
        relay.BeforeUnit = async unit =>
        {
            if (unit.Message == ControlMessageType.Commit) await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
            return Fate.Passes;
        };
        scene.Pair.SourceOptions = Limited(scene);
        var (sent, received) = await scene.Pair.RunAsync(relay.Address);
        Assert.Equal(ExitCodes.LimitMissed, FailureScene.ExitCode(sent));
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.LimitMissed), (received.Status, received.Error!.Code));
        Assert.Contains("came too late for its limit", received.Error.Message, StringComparison.Ordinal);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.LimitMissed, MigrationSide.Destination, "take");
    });

    [Fact]
    public Task Both_hosts_see_the_deadline() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceOptions = Limited(scene);
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Null(sent.Error);
        var (source, destination) = (scene.Pair.SourceHost.Deadlines, scene.Pair.DestinationHost.Deadlines);
        // Told once at the stop, and once more after the comparison of the memories, which does not count.
        Assert.Equal(2, source.Count);
        Assert.Equal(2, destination.Count);
        Assert.True(source[0].Left > Downtime && source[0].Left <= Downtime + More, $"{source[0]}");
        Assert.True(source[1].MonotonicNanoseconds > source[0].MonotonicNanoseconds);
        // One clock here: the destination's is the same moment, early by the error of what the source knows of its clock.
        var early = source[0].MonotonicNanoseconds - destination[0].MonotonicNanoseconds;
        Assert.InRange(early, 0, 10_000_000);
    });

    /// <summary>Devices that declare more than both limits together: the guest is not even stopped.</summary>
    [Theory]
    [InlineData(TimeoutPolicy.Cancel)]
    [InlineData(TimeoutPolicy.Force)]
    public async Task What_would_miss_the_limit_by_its_own_word_is_never_stopped(TimeoutPolicy policy)
    {
        using var hand = new DirtiedByHand(_ => 0, new DeviceSection("slow", 1, 1, default, TimeSpan.FromSeconds(1)));
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { DowntimeLimit = Downtime, SwitchoverLimit = More, OnTimeout = policy, Timeout = TimeSpan.FromSeconds(1) };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.WouldMissLimit), (sent.Status, sent.Error!.Code));
        Assert.Empty(hand.Source.Steps);
        Assert.Equal(ExitCodes.Failed, FailureScene.ExitCode(sent));
    }

    private static MigrationOptions Limited(FailureScene scene) => scene.Pair.SourceOptions with
    {
        DowntimeLimit = Downtime, SwitchoverLimit = More, AvailSwitchoverBytesPerSecond = null, OnTimeout = TimeoutPolicy.Cancel,
    };

    private static System.Net.IPEndPoint EndPointOf(FailureScene scene) => new(System.Net.IPAddress.Loopback, scene.Pair.Listener.Address.Port);

    /// <summary>From the order to stop the guest to the end of its resume.</summary>
    private sealed class Standstill : IDisposable
    {
        private readonly StallMeter _stalls = new();
        private long _stopped;
        private long _ran;

        public Standstill(FailureScene scene)
        {
            scene.Pair.SourceHost.Before("pause", () => _stopped = Stopwatch.GetTimestamp());
            scene.Pair.SourceHost.After("resume", () => _ran = Stopwatch.GetTimestamp());
        }

        public void Dispose() => _stalls.Dispose();

        public void AssertWithin(TimeSpan bound)
        {
            Assert.True(_stopped != 0 && _ran != 0, "The guest was not stopped, or did not go on.");
            var stood = Stopwatch.GetElapsedTime(_stopped, _ran);
            Assert.True(stood <= bound + _stalls.Longest, $"It stood for {stood.TotalMilliseconds} ms; {bound.TotalMilliseconds} are allowed, and this process was kept from running for {_stalls.Longest.TotalMilliseconds}.");
        }
    }
}
