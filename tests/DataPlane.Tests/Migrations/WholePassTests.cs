using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A pass that is only to make a blackout shorter that would fit already.</summary>
public sealed class WholePassTests
{
    private const int StripePages = 512;

    /// <summary>
    /// One channel is stuck in the first of its stripes, and has the one beside it to send as well. The other has nothing but a page each time it looks, and
    /// does not end the pass with that.
    /// </summary>
    [Fact]
    public async Task It_ends_with_the_slowest_channel()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hand = new DirtiedByHand(read =>
        {
            // Time for a second read, which ought not to come before the channel has been let go.
            if (read == 1) _ = Task.Delay(300).ContinueWith(_ => release.TrySetResult(), TaskScheduler.Default);
            else _ = release.TrySetResult();
            return 4096;
        });
        // Of the test's own, and over UNIX sockets: what they hold is less than a stripe.
        var (control, free, stuck, behind) = (SocketPair.Unix(), SocketPair.Unix(), SocketPair.Unix(), SocketPair.Unix());
        var lane = new RelayLane(stuck.Server, behind.Client, new RelayPlan { StallAfter = 100_000 }, release.Task).Run();
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { AvailSwitchoverBytesPerSecond = 100 << 20 };
        var (sent, _) = await hand.Pair.RunOverAsync(
            [control.Client, free.Client, stuck.Client], [control.Server, free.Server, behind.Server]);
        await lane;

        Assert.Equal(MigrationStatus.Completed, sent.Status);
        var passes = sent.Passes.ToList();
        var asked = passes.FindIndex(pass => pass.Reason?.Contains("but another pass is to leave", StringComparison.Ordinal) == true);
        Assert.True(passes[asked + 1].DirtyPages >= StripePages, $"{passes[asked + 1]}");
        Assert.True(passes[asked + 2].DirtyPages < StripePages, $"{passes[asked + 2]}");
    }
}
