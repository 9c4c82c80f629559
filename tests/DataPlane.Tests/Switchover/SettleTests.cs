using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
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

        public MigrationSource Source => Hand.Pair.Source!;

        public MigrationDestination Destination { get; private set; } = null!;

        public static async Task<UncertainScene> PlayAsync()
        {
            var scene = new UncertainScene();
            (scene.Destination, var ended) = scene.Hand.Pair.StartDestination();
            var sent = await scene.Hand.Pair.StartSource(scene._relay.Address).WaitAsync(TimeSpan.FromSeconds(30));
            var received = await ended.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True((sent.Status, received.Status) == (MigrationStatus.Uncertain, MigrationStatus.Uncertain), $"{sent.Error?.Message} {received.Error?.Message}");
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
