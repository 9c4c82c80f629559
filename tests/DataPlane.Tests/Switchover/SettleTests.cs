using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Host;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>What is in doubt on both sides, and how it ends: by a link that is there again, or by somebody's word.</summary>
[Collection("machine")]
public sealed class SettleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    [Fact]
    public async Task Sides_that_do_not_reach_each_other_stay_uncertain_and_settle_by_themselves_when_they_do()
    {
        await using var scene = await UncertainScene.PlayAsync();
        Assert.Equal(MigrationStatus.Uncertain, (await scene.Source.SettleAsync(null, default)).Status);
        Assert.Equal(MigrationStatus.Uncertain, (await scene.Destination.SettleAsync(null, default)).Status);
        Assert.DoesNotContain("resume", scene.Hand.Source.Steps);
        Assert.DoesNotContain("resume", scene.Hand.Destination.Steps);

        scene.LinkIsBack();
        var taking = scene.Destination.SettleAsync(null, default);
        var sent = await scene.Source.SettleAsync(null, default);
        var received = await taking;
        Assert.True((sent.Status, received.Status) == (MigrationStatus.Completed, MigrationStatus.Completed), $"{sent.Error?.Message} {received.Error?.Message}");
        Assert.Contains("resume", scene.Hand.Destination.Steps);
        Assert.DoesNotContain("resume", scene.Hand.Source.Steps);
    }

    [Fact]
    public async Task Word_that_the_other_side_is_off_lets_the_guest_run_at_the_destination()
    {
        await using var scene = await UncertainScene.PlayAsync();
        var received = await scene.Destination.SettleAsync(MigrationSide.Destination, default);
        Assert.True(received.Status == MigrationStatus.Completed, received.Error?.Message);
        Assert.Null(received.Error);
        Assert.Contains("resume", scene.Hand.Destination.Steps);
        var sent = await scene.Source.SettleAsync(MigrationSide.Destination, default);
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.DoesNotContain("resume", scene.Hand.Source.Steps);
    }

    [Fact]
    public async Task Word_that_the_other_side_is_off_lets_the_guest_go_on_at_the_source_and_nobody_else_is_said_to_have_decided()
    {
        await using var scene = await UncertainScene.PlayAsync();
        var sent = await scene.Source.SettleAsync(MigrationSide.Source, default);
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.Refused, MigrationSide.Source), (sent.Status, sent.Error!.Code, sent.Error.Side));
        Assert.Contains("settled by a verdict", sent.Error.Message, StringComparison.Ordinal);
        Assert.Contains("resume", scene.Hand.Source.Steps);
        var received = await scene.Destination.SettleAsync(MigrationSide.Source, default);
        Assert.Equal(MigrationStatus.Failed, received.Status);
        Assert.DoesNotContain("resume", scene.Hand.Destination.Steps);
    }

    /// <summary>An arbiter that both reach: the source claims the guest and has it, and whoever says otherwise at the destination is refused.</summary>
    [Fact]
    public async Task Arbiter_that_awards_the_guest_to_the_source_is_said_to_have_decided_and_outranks_a_verdict()
    {
        var arbiter = new FirstCome();
        await using var scene = await UncertainScene.PlayAsync(
            hand =>
            {
                hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Arbiter = arbiter };
                hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { Arbiter = arbiter };
            },
            source: MigrationStatus.Failed);
        Assert.Equal((MigrationErrorCode.Refused, MigrationSide.Source), (scene.Sent.Error!.Code, scene.Sent.Error.Side));
        Assert.Contains("The arbiter has awarded the guest to the source", scene.Sent.Error.Message, StringComparison.Ordinal);
        Assert.Contains("resume", scene.Hand.Source.Steps);
        var received = await scene.Destination.SettleAsync(MigrationSide.Destination, default);
        Assert.Equal(MigrationStatus.Failed, received.Status);
        Assert.DoesNotContain("resume", scene.Hand.Destination.Steps);
        Assert.Equal(MigrationSide.Source, arbiter.First);
    }

    /// <summary>Its blackout is over once: it is learned from once, and what is odd about it is said once.</summary>
    [Fact]
    public async Task Settling_teaches_and_warns_no_second_time()
    {
        var clock = new ShiftedTime(TimeSpan.Zero, 0);
        await using var scene = await UncertainScene.PlayAsync(hand =>
        {
            hand.Pair.DestinationTime = clock;
            hand.Destination.After("load dev", () => clock.Leap(TimeSpan.FromSeconds(5))); // Its times contradict each other.
        });
        var odd = Assert.Single(scene.Sent.Warnings);
        var saved = scene.Hand.Pair.SourceOptions.Costs.Steps.Save("dev", default, 0);
        Assert.Equal(odd, Assert.Single((await scene.Source.SettleAsync(null, default)).Warnings));
        Assert.Equal(odd, Assert.Single((await scene.Source.SettleAsync(MigrationSide.Destination, default)).Warnings));
        Assert.Equal(saved, scene.Hand.Pair.SourceOptions.Costs.Steps.Save("dev", default, 0));
    }

    private sealed class FirstCome : IOwnershipArbiter
    {
        private readonly Lock _gate = new();

        public MigrationSide? First { get; private set; }

        public string Id => "first come";

        public ValueTask<MigrationSide> DecideAsync(OwnershipClaim claim, CancellationToken cancel)
        {
            lock (_gate) return new(First ??= claim.Claimant);
        }
    }

    /// <summary>A link that goes down for everybody as the guest is given away.</summary>
    private sealed class UncertainScene : IAsyncDisposable
    {
        private readonly WireRelay _relay;

        private UncertainScene()
        {
            var pair = Hand.Pair;
            _relay = new WireRelay(pair.Listener.Address);
            pair.SourceOptions = pair.SourceOptions with { HandoverTimeout = Patience };
            pair.DestinationOptions = pair.DestinationOptions with { HandoverTimeout = Patience };
            _relay.BeforeUnit = unit =>
            {
                if (unit.Message != ControlMessageType.Commit) return ValueTask.FromResult(Fate.Passes);
                _relay.ForLater = lane => lane.Cut(reset: true);
                foreach (var lane in _relay.Lanes) lane.Cut(reset: true);
                return ValueTask.FromResult(Fate.Swallowed);
            };
        }

        public DirtiedByHand Hand { get; } = new(_ => 0);

        /// <summary>The source's result, with which it became uncertain.</summary>
        public MigrationResult Sent { get; private set; } = null!;

        public MigrationSource Source => Hand.Pair.Source!;

        public MigrationDestination Destination { get; private set; } = null!;

        public static async Task<UncertainScene> PlayAsync(Action<DirtiedByHand>? before = null, MigrationStatus source = MigrationStatus.Uncertain)
        {
            var scene = new UncertainScene();
            before?.Invoke(scene.Hand);
            (scene.Destination, var ended) = scene.Hand.Pair.StartDestination();
            var sent = scene.Sent = await scene.Hand.Pair.StartSource(scene._relay.Address).WaitAsync(TimeSpan.FromSeconds(30));
            var received = await ended.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True((sent.Status, received.Status) == (source, MigrationStatus.Uncertain), $"{sent.Error?.Message} {received.Error?.Message}");
            return scene;
        }

        public void LinkIsBack() => _relay.ForLater = null;

        public async ValueTask DisposeAsync()
        {
            await _relay.DisposeAsync();
            Hand.Dispose();
        }
    }
}
