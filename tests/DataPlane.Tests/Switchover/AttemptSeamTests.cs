using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Destination;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Source;
using DataPlane.Telemetry;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Trouble;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>What one attempt leaves for the next: numbers, memory, counts, and a handshake that came to nothing.</summary>
[Collection("machine")]
public sealed class AttemptSeamTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    /// <summary>Both sides have opened their records for the second attempt when no data connection comes about: its number is used up.</summary>
    [Fact]
    public async Task Attempt_whose_data_connection_is_refused_is_followed_by_one_of_another_number()
    {
        using var hand = Hand(failures: 1);
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartAttempts(
            state => new RefusedOnce(new DialedConnections(hand.Pair.Listener.Address, state.Options), state.Attempt == 2 ? 1 : -1)).WaitAsync(LongEnough);
        Assert.True(sent.Error is null, sent.Error?.Message);
        Assert.Equal(3, sent.Attempt);
        Assert.Equal(3, (await ended.WaitAsync(LongEnough)).Attempt);
        Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>The destination accepts the second attempt, and that is never heard: the third is not to end it all.</summary>
    [Fact]
    public async Task Handshake_that_died_in_silence_makes_room_for_the_next_attempt()
    {
        using var hand = Hand(failures: 1);
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { HandshakeTimeout = TimeSpan.FromSeconds(1), Retain = TimeSpan.FromSeconds(8) };
        var accepts = 0;
        relay.BeforeUnit = unit =>
        {
            if (unit.Message == ControlMessageType.Accept && ++accepts == 2) relay.Lanes[^1].Stall();
            return ValueTask.FromResult(Fate.Passes);
        };
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartSource(relay.Address).WaitAsync(LongEnough);
        Assert.True(sent.Error is null, sent.Error?.Message);
        Assert.Equal(sent.Attempt, (await ended.WaitAsync(LongEnough)).Attempt);
        Assert.Equal((DirtiedByHand.Bytes >> 12, 0), (sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>Zero pages are not written where memory is fresh: what a host wrote there while it loaded is not fresh any more.</summary>
    [Fact]
    public async Task Zero_pages_clear_what_the_destinations_host_wrote_to_fresh_memory()
    {
        using var hand = Hand(failures: 0, fresh: true);
        var loads = 0;
        hand.Pair.DestinationHost = new HookedHost(new IdleHost(new DeviceSection("dev", 1, 1)))
        {
            Loading = (_, _, marks) =>
            {
                if (++loads == 1) hand.WriteAtDestination(marks, page: 700, pages: 3);
            },
        };
        Fail(hand, "release", 1);
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.True(sent.Error is null, sent.Error?.Message);
        Assert.Equal((2, DirtiedByHand.Bytes >> 12, 0), (loads, sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>Two hosts behind one name: the first holds attempt 1, and not what the second was sent in attempt 2.</summary>
    [Fact]
    public async Task Destination_that_holds_an_older_attempt_than_the_last_gets_everything()
    {
        using var hand = Hand(failures: 2);
        using var memory = AllocatedMemory.Create("other", DirtiedByHand.Bytes);
        using var listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        using var cancel = new CancellationTokenSource();
        using var other = new MigrationDestination(new GuestMemory([memory.Block("ram", 0)]), new IdleHost(new DeviceSection("dev", 1, 1)), hand.Pair.DestinationOptions);
        var elsewhere = other.RunAsync(listener, cancel.Token);
        hand.Source.After("resume", () => hand.WriteAtSource(page: 10 * hand.Source.Steps.Count, pages: 5, value: 0x22));
        var (_, ended) = hand.Pair.StartDestination();
        var sent = await hand.Pair.StartAttempts(
            state => new DialedConnections(state.Attempt == 2 ? listener.Address : hand.Pair.Listener.Address, state.Options)).WaitAsync(LongEnough);
        await cancel.CancelAsync();
        _ = await elsewhere.WaitAsync(LongEnough);
        Assert.True(sent.Error is null, sent.Error?.Message);
        _ = await ended.WaitAsync(LongEnough);
        Assert.Equal((3, DirtiedByHand.Bytes >> 12, 0), (sent.Attempt, sent.Verify!.Pages, sent.Verify.Mismatched));
    }

    /// <summary>What was written between two attempts was not written in the first milliseconds of the second.</summary>
    [Fact]
    public async Task Writes_between_attempts_are_what_the_next_begins_with_and_no_dirty_rate()
    {
        using var hand = Hand(failures: 1);
        hand.Source.After("resume", () => hand.WriteAtSource(page: 0, pages: 2048, value: 0x77));
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.True(sent.Error is null, sent.Error?.Message);
        Assert.True(sent.Passes[0].DirtyPages >= 2048, $"{sent.Passes[0].DirtyPages}");
        Assert.All(sent.Passes, pass => Assert.Equal(0, pass.DirtyBytesPerSecond ?? 0));
        Assert.Equal(0, sent.Verify!.Mismatched);
    }

    [Fact]
    public void Connections_refused_in_one_attempt_are_not_counted_again_by_the_next()
    {
        using var memory = new GuardedMemory(1);
        var first = new DestinationState(memory.Memory, new IdleHost(), new MigrationDestinationOptions(), TimeProvider.System);
        first.Refusals.Add(RefusalKind.Garbage, () => "somewhere", "it says nothing that can be read");
        var totals = new MeterTotals();
        totals.Add(DestinationReading.Of(first));
        var second = first.Next();
        second.Refusals.Add(RefusalKind.Busy, () => "somewhere", "one is here already");
        totals.Add(DestinationReading.Of(second));
        Assert.Equal((1, 1), (totals.Rejected["garbage"], totals.Rejected["busy"]));
    }

    /// <summary>The second deadline, after the comparison, comes when TAKEN stands.</summary>
    [Fact]
    public async Task Host_that_fails_when_told_of_the_deadline_does_not_keep_a_guest_that_it_has_not_started()
    {
        using var hand = Hand(failures: 0);
        hand.Destination.Told = () =>
        {
            if (hand.Destination.Deadlines.Count == 2) throw new InvalidOperationException("no deadline is wanted here");
        };
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 0, HandoverTimeout = TimeSpan.FromSeconds(3) };
        hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { HandoverTimeout = TimeSpan.FromSeconds(3) };
        var (sent, received) = await hand.Pair.RunAsync();
        Assert.True((MigrationErrorCode.HostFailed, MigrationErrorCode.HostFailed) == (sent.Error!.Code, received.Error!.Code), $"{sent.Error.Message} {received.Error!.Message}");
        Assert.Contains("no deadline is wanted here", received.Error.Message, StringComparison.Ordinal);
        Assert.Contains("resume", hand.Source.Steps);
        Assert.DoesNotContain("resume", hand.Destination.Steps);
    }

    /// <summary>The destination's user is impatient just as the guest is given away: it is taken at once, and over the connection that is there.</summary>
    [Fact]
    public async Task Commit_behind_a_cancel_of_the_destination_is_heard()
    {
        using var hand = Hand(failures: 0);
        await using var relay = new WireRelay(hand.Pair.Listener.Address);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        relay.BeforeUnit = async unit =>
        {
            if (unit.Message == ControlMessageType.Failed) _ = failed.TrySetResult();
            if (unit.Message != ControlMessageType.Commit) return Fate.Passes;
            relay.ForLater = lane => lane.Cut(reset: true);
            hand.Pair.EndDestination();
            await failed.Task.WaitAsync(LongEnough);
            return Fate.Passes;
        };
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 0, SwitchoverLimit = null, HandoverTimeout = TimeSpan.FromSeconds(3) };
        hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { HandoverTimeout = TimeSpan.FromSeconds(3) };
        var (sent, received) = await hand.Pair.RunAsync(relay.Address);
        Assert.True((MigrationStatus.Completed, MigrationStatus.Completed) == (sent.Status, received.Status), $"{sent.Error?.Message} {received.Error?.Message}");
        Assert.Contains("resume", hand.Destination.Steps);
    }

    /// <summary>Whoever has read an image's id somewhere does not know the journals that the two sides told each other.</summary>
    [Fact]
    public async Task Stranger_who_asks_for_the_present_attempt_is_answered_and_disturbs_nothing()
    {
        using var hand = Hand(failures: 0);
        using var folder = new TemporaryFolder();
        hand.Pair.DestinationOptions = hand.Pair.DestinationOptions with { Journal = folder.At("journal") };
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 0, SwitchoverLimit = null };
        var answer = HandoverWord.Invalid;
        hand.Source.Before("save dev", async _ => answer = await AskAsStrangerAsync(hand.Pair.Listener.Address, Assert.Single(HandoverJournals.Read(folder.At("journal")))));
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.True(sent.Error is null, sent.Error?.Message);
        Assert.Equal(HandoverWord.Unknown, answer);
    }

    private static async Task<HandoverWord> AskAsStrangerAsync(MigrationAddress to, HandoverReport attempt)
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Handover, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, Guid.NewGuid(), Mac: 0).Write(preamble);
        await using var link = new ControlLink(Caller.Say(to, preamble), MigrationSide.Source, TimeProvider.System);
        await link.SendAsync(new HandoverMessage(attempt.Image, (uint)attempt.Attempt, MigrationSide.Source, HandoverWord.Kept, Guid.NewGuid(), ""), default);
        using var limit = new CancellationTokenSource(LongEnough);
        return ((HandoverMessage)await link.ReceiveAsync(limit.Token)).Word;
    }

    private static DirtiedByHand Hand(int failures, bool fresh = false)
    {
        var hand = new DirtiedByHand(_ => 0, fresh: fresh);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { Retries = 2, DowntimeLimit = TimeSpan.FromMilliseconds(300), SwitchoverLimit = TimeSpan.FromMilliseconds(100) };
        if (failures > 0) Fail(hand, "save dev", failures);
        return hand;
    }

    /// <summary>A step of the source's host that takes longer than any limit, the first times.</summary>
    private static void Fail(DirtiedByHand hand, string step, int times)
    {
        var calls = 0;
        hand.Source.Before(step, cancel => ++calls <= times ? Task.Delay(LongEnough, cancel) : Task.CompletedTask);
    }

    /// <summary>Connections of which one, counted from 0, finds nobody.</summary>
    private sealed class RefusedOnce(IConnections inner, int which) : IConnections
    {
        private int _made;

        public bool MoreMayCome => inner.MoreMayCome;

        public bool CanCallAgain => inner.CanCallAgain;

        public ValueTask<Socket> CallAgainAsync(CancellationToken cancel) => inner.CallAgainAsync(cancel);

        public ValueTask<Socket> NextAsync(CancellationToken cancel, Action<Socket>? tune = null) => _made++ == which
            ? throw new MigrationException(new MigrationError(MigrationErrorCode.CannotConnect, MigrationSide.Source, "connect", "Nobody listens."))
            : inner.NextAsync(cancel, tune);
    }
}
