using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Handover;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>What happens while one attempt is over and the next has not begun, on either side.</summary>
[Collection("machine")]
public sealed class BetweenAttemptsTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Cancel_while_the_next_attempt_is_waited_for_is_what_the_migration_ended_by()
    {
        using var hand = FailingOnce();
        using var cancel = new CancellationTokenSource();
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with
        {
            Log = line =>
            {
                if (line.Contains("Trying again", StringComparison.Ordinal)) cancel.Cancel();
            },
        };
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartSource(cancel: cancel.Token).WaitAsync(LongEnough);
        hand.Pair.EndDestination();
        _ = await ended.WaitAsync(LongEnough);
        Assert.Equal((MigrationStatus.Cancelled, MigrationErrorCode.Cancelled), (sent.Status, sent.Error!.Code));
        Assert.Equal(MigrationErrorCode.HostFailed, Assert.Single(sent.Attempts).Error!.Code);
        Assert.Equal((ExitCodes.Interrupted, ExitCodes.Failed), (ExitCodes.Of(sent, interrupted: true), ExitCodes.Of(sent, interrupted: false)));
        Assert.Equal(MigrationStatus.Cancelled, hand.Pair.Source!.Progress.Status);
        Assert.Equal(1, hand.Source.Steps.Count(step => step == "resume"));
    }

    /// <summary>
    /// Both sides have their records, and the last channel is on its way when the destination's user gives up. No session comes of it when it joins, and
    /// nobody waits for the word of a source that has given nothing away.
    /// </summary>
    [Fact]
    public async Task Destination_that_is_cancelled_before_the_last_channel_has_joined_ends_at_once()
    {
        using var hand = new DirtiedByHand(_ => 0);
        using var folder = new TemporaryFolder();
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { Journal = folder.Path };
        var (destination, ended) = hand.Pair.StartDestination();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        destination.StatusChanged += (_, change) =>
        {
            if (change.To == MigrationStatus.Cancelled) _ = cancelled.TrySetResult();
        };
        relay.BeforeUnit = async unit =>
        {
            if (unit is not { IsPreamble: true, Channel: 1 }) return Fate.Passes;
            while (HandoverJournals.Read(folder.Path).Count == 0) await Task.Delay(1);
            hand.Pair.EndDestination();
            await cancelled.Task.WaitAsync(LongEnough);
            return Fate.Passes;
        };
        var sending = hand.Pair.StartSource(relay.Address);
        var received = await ended.WaitAsync(LongEnough);
        var sent = await sending.WaitAsync(LongEnough);
        Assert.Equal((MigrationStatus.Cancelled, MigrationErrorCode.Cancelled), (received.Status, received.Error!.Code));
        Assert.Equal(MigrationStatus.Failed, sent.Status);
        Assert.DoesNotContain("pause", hand.Source.Steps);
        Assert.Equal("never", Assert.Single(HandoverJournals.Read(folder.Path)).Records[^1].Record);
    }

    /// <summary>
    /// The source has given up on attempt 1 when its last channel joins, and the first word of attempt 2 comes at the same moment: whatever order the
    /// destination sees, it is there for one of the attempts that follow.
    /// </summary>
    [Fact]
    public async Task Attempt_that_begins_as_the_one_before_becomes_a_session_is_taken()
    {
        for (var round = TestSet.Times(1); round > 0; round--)
        {
            using var hand = new DirtiedByHand(_ => 0);
            await using var relay = new WireRelay(hand.Pair.Listener.Address);
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var (hellos, joins) = (0, 0);
            relay.BeforeUnit = async unit =>
            {
                if (unit.Message == ControlMessageType.Hello && Interlocked.Increment(ref hellos) == 2) _ = next.TrySetResult();
                if (unit is { IsPreamble: true, Channel: 1 } && Interlocked.Increment(ref joins) == 1) await next.Task.WaitAsync(LongEnough);
                return Fate.Passes;
            };
            hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 3, HandshakeTimeout = TimeSpan.FromSeconds(1), Retain = TimeSpan.FromSeconds(8) };
            var (_, ended) = hand.Pair.StartDestination();
            var sent = await hand.Pair.StartSource(relay.Address).WaitAsync(LongEnough);
            var received = await ended.WaitAsync(LongEnough);
            Assert.True((sent.Status, received.Status) == (MigrationStatus.Completed, MigrationStatus.Completed), $"{sent.Error?.Message} {received.Error?.Message}");
            Assert.Equal(sent.Attempt, received.Attempt);
            Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
        }
    }

    /// <summary>The first attempt fails as the device is saved.</summary>
    private static DirtiedByHand FailingOnce()
    {
        var hand = new DirtiedByHand(_ => 0);
        var calls = 0;
        hand.Source.Before("save dev", _ => ++calls == 1 ? throw new InvalidOperationException("the device is stuck") : Task.CompletedTask);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 2 };
        return hand;
    }
}
