using System.Diagnostics;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>What the sides say to each other last: what comes of it where a word is lost, and that nobody waits for words that do not come.</summary>
[Collection("machine")]
public sealed class LastWordsTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    /// <summary>That the guest stays comes through, and why does not: as long as nobody has said otherwise the source may come back.</summary>
    [Theory]
    [InlineData("save dev")]
    [InlineData("release")]
    public async Task Guest_that_is_kept_for_an_unknown_reason_finds_its_memory_at_the_next_attempt(string step)
    {
        using var hand = new DirtiedByHand(_ => 0);
        var calls = 0;
        hand.Source.Before(step, _ => ++calls == 1 ? throw new InvalidOperationException("the device is stuck") : Task.CompletedTask);
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        var reasons = 0;
        relay.BeforeUnit = unit => ValueTask.FromResult(
            unit.Message == ControlMessageType.Failed && Interlocked.Increment(ref reasons) == 1 ? Fate.Swallowed : Fate.Passes);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 1, Retain = TimeSpan.FromSeconds(3), HandshakeTimeout = TimeSpan.FromSeconds(2) };
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartSource(relay.Address).WaitAsync(LongEnough);
        var received = await ended.WaitAsync(LongEnough);
        Assert.Equal(1, reasons);
        Assert.True((sent.Status, received.Status) == (MigrationStatus.Completed, MigrationStatus.Completed), $"{sent.Error?.Message} {received.Error?.Message}");
        Assert.Equal(sent.Attempt, received.Attempt);
        Assert.Equal(MigrationErrorCode.HostFailed, Assert.Single(sent.Attempts).Error!.Code);
        Assert.True(sent.Ram!.Transferred < 1 << 20, $"{sent.Ram.Transferred}");
        Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>
    /// The destination has said that it does not run the guest, and the source that it goes on with it: neither has anything more to wait for. Each
    /// waited a second for the other. The quickest of some tries, since this machine has more to do.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Guest_that_was_given_and_not_taken_is_over_for_both_sides_when_it_runs_again(bool late)
    {
        var quickest = TimeSpan.MaxValue;
        for (var tries = 0; tries < 4 && quickest > TimeSpan.FromMilliseconds(600); tries++)
            if (await PlayNotTakenAsync(late) is var took && took < quickest) quickest = took;
        Assert.True(quickest < TimeSpan.FromMilliseconds(900), $"{quickest}");
    }

    /// <summary>
    /// The guest runs at the destination, and the source's last word, or the answer to it, goes into a connection that is cut before it arrives, or that carries nothing any
    /// more: the word is said again over another, and neither side waits out the handover's timeout, which is longer than this test allows.
    /// </summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Last_word_that_is_lost_is_said_again(bool answer, bool cut)
    {
        using var hand = new DirtiedByHand(_ => 0);
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        var (running, lost) = (0, 0);
        relay.BeforeUnit = unit =>
        {
            if (unit.Message == ControlMessageType.Running) running = 1;
            // Behind RUNNING there are two: the source's last word, and its answer.
            if (unit.Message != ControlMessageType.Handover || running == 0 || Interlocked.Increment(ref lost) != (answer ? 2 : 1)) return ValueTask.FromResult(Fate.Passes);
            if (cut)
                foreach (var lane in relay.Lanes) lane.Cut(reset: true);
            return ValueTask.FromResult(Fate.Swallowed);
        };
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { HandoverTimeout = 3 * LongEnough };
        hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { HandoverTimeout = 3 * LongEnough };
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartSource(relay.Address).WaitAsync(LongEnough);
        var received = await ended.WaitAsync(LongEnough);
        Assert.True((sent.Status, received.Status) == (MigrationStatus.Completed, MigrationStatus.Completed), $"{sent.Error?.Message} {received.Error?.Message}");
        Assert.True(lost > 0);
    }

    /// <summary>From the guest's resume at the source to the end of both sides.</summary>
    private static async Task<TimeSpan> PlayNotTakenAsync(bool late)
    {
        using var hand = new DirtiedByHand(_ => 0);
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        long resumed = 0;
        hand.Source.After("resume", () => resumed = Stopwatch.GetTimestamp());
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Verify = VerifyMode.Digest };
        if (late)
        {
            hand.Pair.SourceOptions = hand.Pair.SourceOptions with { DowntimeLimit = TimeSpan.FromMilliseconds(200), SwitchoverLimit = TimeSpan.FromMilliseconds(100) };
            relay.BeforeUnit = async unit =>
            {
                if (unit.Message == ControlMessageType.Commit) await Hold.ForAsync(TimeSpan.FromMilliseconds(400));
                return Fate.Passes;
            };
        }
        else
        {
            hand.Destination.Before("acquire", () => throw new InvalidOperationException("the disk is not there"));
        }
        var (sent, received) = await hand.Pair.RunAsync(relay.Address);
        var took = Stopwatch.GetElapsedTime(resumed);
        Assert.Equal((MigrationStatus.Failed, MigrationStatus.Failed), (sent.Status, received.Status));
        Assert.Equal(late ? MigrationErrorCode.LimitMissed : MigrationErrorCode.HostFailed, received.Error!.Code);
        Assert.Equal(received.Error.Code, sent.Error!.Code);
        return took;
    }
}
