using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>An attempt after one that failed sends what changed, and nothing is missing afterwards.</summary>
[Collection("machine")]
public sealed class RetryTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    [Fact]
    public Task What_was_called_off_is_tried_again_with_what_changed() => FailureScene.PlayAsync(async scene =>
    {
        FailTheFirst(scene.Pair.SourceHost, "save opaque");
        Retry(scene, 1);
        var (sent, received) = await scene.Pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Null(received.Error);
        Assert.Equal(sent.Attempt, received.Attempt);
        var first = Assert.Single(sent.Attempts);
        Assert.Equal((1, MigrationErrorCode.LimitMissed), (first.Attempt, first.Error!.Code));
        // A guest of 64 MiB that writes to 8 MiB of it: never again what it does not write.
        Assert.True(sent.Ram!.Transferred < first.Ram!.Transferred / 2, $"{sent.Ram.Transferred} after {first.Ram.Transferred}");
        Assert.Equal(64L << 20 >> 12, sent.Verify!.Pages);
        await AssertArrivedAsync(scene);
    });

    /// <summary>An idle guest: of the second attempt only what the first one's end left unknown is sent.</summary>
    [Fact]
    public async Task Nothing_changed_nothing_sent()
    {
        using var hand = new DirtiedByHand(_ => 0);
        FailTheFirst(hand.Source, "save dev");
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 1, DowntimeLimit = TimeSpan.FromMilliseconds(200), SwitchoverLimit = TimeSpan.Zero };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Null(sent.Error);
        _ = Assert.Single(sent.Attempts);
        Assert.True(sent.Ram!.Transferred < 64 << 10, $"{sent.Ram.Transferred}");
        Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>Connections that end anywhere in the passes, three attempts in a row; then one that is let through.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Cuts_at_any_point_of_a_pass_lose_nothing(int seed)
    {
        var random = new Random(seed);
        for (var round = TestSet.Times(2); round > 0; round--)
            await FailureScene.PlayAsync(async scene =>
            {
                // The first comes early enough to be met whatever the channels share out.
                var cuts = Enumerable.Range(0, 3).ToDictionary(
                    attempt => (attempt * 3) + 1 + random.Next(2),
                    attempt => new RelayPlan { CutAfter = random.NextInt64(1000, attempt == 0 ? 4 << 20 : 30 << 20), CutResets = random.Next(2) == 0 });
                await using var relay = new Relay(EndPointOf(scene), number => cuts.GetValueOrDefault(number, RelayPlan.Faithful));
                Retry(scene, 5);
                var (sent, _) = await scene.Pair.RunAsync(MigrationAddress.Of(relay.EndPoint));
                Assert.Null(sent.Error);
                Assert.All(sent.Attempts, attempt => Assert.Equal(MigrationErrorCode.ConnectionLost, attempt.Error!.Code));
                Assert.NotEmpty(sent.Attempts);
                Assert.Equal(0, sent.Verify!.Mismatched);
                await AssertArrivedAsync(scene);
            });
    }

    /// <summary>Loading wrote to pages that the source believes to be there: the destination lists them, and they are sent again.</summary>
    [Fact]
    public async Task What_the_destination_wrote_itself_is_sent_again()
    {
        using var hand = new DirtiedByHand(_ => 0);
        var loads = 0;
        hand.Pair.DestinationHost = new HookedHost(new IdleHost(new Host.DeviceSection("dev", 1, 1)))
        {
            Loading = (_, _, marks) =>
            {
                if (++loads > 1) return;
                hand.WriteAtDestination(marks, page: 700, pages: 3);
            },
        };
        FailTheFirst(hand.Pair.SourceHost, "release");
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 1, DowntimeLimit = TimeSpan.FromMilliseconds(200), SwitchoverLimit = TimeSpan.Zero };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Null(sent.Error);
        _ = Assert.Single(sent.Attempts);
        Assert.Equal(2, loads);
        Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
        Assert.Equal(3, sent.Ram!.Normal);
    }

    [Fact]
    public Task A_destination_that_kept_nothing_gets_everything() => FailureScene.PlayAsync(async scene =>
    {
        FailTheFirst(scene.Pair.SourceHost, "save opaque");
        Retry(scene, 1);
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { Retain = TimeSpan.Zero };
        var (_, ended) = scene.Pair.StartDestination();
        var sending = scene.Pair.StartSource();
        _ = await ended.WaitAsync(LongEnough);
        using var second = Guest.CreateDestination(GuestSizes.Busy(scene.Source.Kind) with { Poison = true });
        var taking = new MigrationDestination(second.Memory, second, scene.Pair.DestinationOptions).RunAsync(scene.Pair.Listener, default);
        var sent = await sending.WaitAsync(LongEnough);
        _ = await taking.WaitAsync(LongEnough);
        Assert.Null(sent.Error);
        Assert.Equal((64L << 20 >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
    });

    [Fact]
    public Task Kept_memory_is_for_its_own_source_alone_and_for_so_long() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        FailTheFirst(scene.Pair.SourceHost, "save opaque");
        // The source, which would come back, is gone.
        scene.Pair.SourceHost.After("resume", cancel.Cancel);
        Retry(scene, 1);
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { Retain = TimeSpan.FromSeconds(2) };
        var (_, ended) = scene.Pair.StartDestination();
        var sent = await scene.Pair.StartSource(cancel: cancel.Token).WaitAsync(LongEnough);
        Assert.Equal(MigrationErrorCode.LimitMissed, sent.Error!.Code);

        var other = await scene.Pair.StartSource().WaitAsync(LongEnough);
        Assert.Equal(MigrationErrorCode.Refused, other.Error!.Code);
        Assert.Contains("keeps the memory of another guest", other.Error.PeerMessage, StringComparison.Ordinal);
        var received = await ended.WaitAsync(LongEnough);
        Assert.Equal(MigrationErrorCode.LimitMissed, received.Error!.Code);
    });

    [Fact]
    public Task No_attempt_follows_what_trying_again_does_not_mend() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        scene.Pair.SourceHost.Before("save opaque", cancel.Cancel);
        Retry(scene, 3);
        var (sent, _) = await scene.Pair.RunAsync(cancel: cancel.Token);
        Assert.Equal((MigrationStatus.Cancelled, 1), (sent.Status, sent.Attempt));
        Assert.Empty(sent.Attempts);
    });

    private static void Retry(FailureScene scene, int retries) => scene.Pair.SourceOptions = scene.Pair.SourceOptions with
    {
        Retries = retries, DowntimeLimit = TimeSpan.FromMilliseconds(100), SwitchoverLimit = TimeSpan.FromMilliseconds(200), AvailSwitchoverBytesPerSecond = null,
    };

    /// <summary>A step that takes longer than any limit, the first time.</summary>
    private static void FailTheFirst(HookedHost host, string step)
    {
        var calls = 0;
        host.Before(step, cancel => ++calls == 1 ? Task.Delay(LongEnough, cancel) : Task.CompletedTask);
    }

    private static System.Net.IPEndPoint EndPointOf(FailureScene scene) => new(System.Net.IPAddress.Loopback, scene.Pair.Listener.Address.Port);

    private static async Task AssertArrivedAsync(FailureScene scene)
    {
        Assert.True(scene.Destination.IsRunning && !scene.Source.IsRunning);
        GuestProgress.Await(scene.Destination, 200);
        await scene.Destination.PauseAsync(default);
        var invariant = scene.Destination.CheckInvariant();
        Assert.True(invariant.Holds, invariant.ToString());
    }
}
