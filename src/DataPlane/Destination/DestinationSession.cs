using DataPlane.Control.Handover;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Core.Wire;
using DataPlane.Handover;
using DataPlane.Linux.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Rehearsing;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Receiving;

namespace DataPlane.Destination;

/// <summary>
/// One migration from the destination's side, from the handshake to the running guest. The guest is resumed here only when TAKEN is recorded; a
/// fault before PREPARED is said leaves it to the source, and between the two the source's word decides.
/// </summary>
internal sealed class DestinationSession(DestinationState state, DestinationConnection connection, Task<IControlMessage> firstMessage)
{
    /// <summary>The step in which this side only takes what comes.</summary>
    public const string Receiving = "receive";

    private static readonly TimeSpan PeersWords = TimeSpan.FromMilliseconds(250);

    // How long the source is told of the end, and then given to close; after a cancel, which has to be answered within 100 ms, less.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CancelsFarewell = TimeSpan.FromMilliseconds(40);

    private readonly ReceivedSection[] _sections =
        [.. state.Hello!.Sections.Select(section => new ReceivedSection(section.Id, section.Version, section.Size))];

    private readonly Inbox _inbox = new(connection.Link, state.Fault, state.Clock, state.Deadline, () => state.Step, state.Ownership!.Line);
    private readonly Acknowledger _acknowledger = new(connection.Link, state.Fault, state.Clock, () => state.Step);

    private MigrationError? _late;

    private CancellationToken Stopping => state.Fault.Stopping;

    private DestinationOwnership Ownership => state.Ownership!;

    /// <summary>Runs the session; the outcome stands in the state. Returns when nothing of it writes guest memory any more.</summary>
    public async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        using var crew = MakeCrew();
        state.Crew = crew;
        Ownership.SourceCameBack = SourceCameBack;
        var listening = Task.Run(() => _inbox.RunAsync(firstMessage));
        var acknowledging = Task.Run(() => _acknowledger.RunAsync(crew, over.Token));
        var peer = new PeerWatch(state.Fault, state.Clock.Time, MigrationSide.Destination, () => state.Step);
        var watching = Task.WhenAll(
            Task.Run(() => new DestinationWatch(state, connection.Link).RunAsync(over.Token)), Task.Run(() => peer.RunAsync(connection.Link.Socket, connection.Data, over.Token)));
        try
        {
            await ReceiveAsync(crew);
            await TakeAsync();
        }
        catch (Exception fault)
        {
            await FailAsync(fault, listening);
        }
        await over.CancelAsync();
        state.Deadline.Dispose();
        await Task.WhenAll(acknowledging, watching);
        // What was said last is lost if this side closes first with unread bytes about: the source is given a moment to close.
        await Ownership.AnswerUntilAsync(listening, Goodbye);
        _inbox.Close();
        connection.Link.Abort();
        await listening;
        await connection.Link.DisposeAsync();
    }

    private void SourceCameBack() => _ = state.Fault.TrySet(new MigrationError(
        MigrationErrorCode.ConnectionLost, MigrationSide.Destination, state.Step, "The source has lost the connection, and came back over another."));

    private async Task FailAsync(Exception fault, Task listening)
    {
        state.Blackout.Mark(BlackoutMoment.GivenUp, state.Clock.Nanoseconds);
        var error = Faults.From(fault, MigrationSide.Destination, state.Step);
        _ = state.Fault.TrySet(error);
        error = state.Fault.Error ?? error;
        // A data channel that ends is often the first that is heard of what the source says on the control link.
        if (error.Code == MigrationErrorCode.ConnectionLost && !Ownership.Stands) _ = await Task.WhenAny(listening, Task.Delay(PeersWords));
        error = state.Fault.Error ?? error;
        if ((state.Hello!.Offered & PageFeatures.Checkpoints) != 0) await PeersCheckpoints.TellAsync(connection.Link, state.Blackout, Goodbye);
        // Where PREPARED was said this asks the source to end the migration: it may have given the guest away already.
        if (error.Side == MigrationSide.Destination) await LastWords.SayAsync(connection.Link, error, Goodbye);
        if (listening.IsCompleted)
        {
            Ownership.Line.Lose(connection.Link);
            connection.Link.Abort(); // Nothing more is heard over it: the source is to notice, and to come over another.
        }
        if (Ownership.Stands && await StandAsync()) return;
        await Ownership.DropAsync();
        state.Status = error.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed;
    }

    /// <summary>
    /// Everything is here, and the guest may be this side's: it is not dropped because a connection was lost or a user is impatient. Waits for the source to
    /// come back. False when it has said that it keeps the guest.
    /// </summary>
    private async Task<bool> StandAsync()
    {
        state.Log($"prepared, and waiting for the source's word about image {Ownership.Key.Image}, which may have given the guest away");
        var settled = await Ownership.StandAsync(state.Options.HandoverTimeout, CancellationToken.None);
        if (Ownership.IsTaken)
        {
            state.Fault.Overrule();
            await new GuestTaking(state).RunAsync(state.Clock.Nanoseconds);
            return true;
        }
        if (settled) return false;
        state.UncertainError = PreparedOutcome.Uncertain(state);
        state.Status = MigrationStatus.Uncertain;
        return true;
    }

    private ReceivingCrew MakeCrew()
    {
        var features = state.Hello!.Offered & PageFeatures.OfThisHost;
        if ((features & PageFeatures.PageSums) != 0) state.Suspects = new SuspectPages(state.Memory);
        var memory = state.Options.Populate ? DestinationMemory.Populated : state.Options.Memory;
        return new ReceivingCrew(
            state.Memory, state.Received, _sections, fresh: state.Options.Memory == DestinationMemory.Fresh,
            mapped: memory == DestinationMemory.Populated, connection.Data, _acknowledger.FenceArrived, ChannelEnded,
            PageFeatures.Encodings(features), state.Suspects, new ChannelThreads(state.Options.ThreadPrefix, state.Options.ChannelCores));
    }

    private void ChannelEnded(Exception? end)
    {
        var error = end is not null
            ? Faults.From(end, MigrationSide.Destination, state.Step)
            : new MigrationError(MigrationErrorCode.ConnectionLost, MigrationSide.Destination, state.Step, "The source closed a data channel.");
        // Behind the last fence a channel has nothing more to bring: its end harms nothing.
        if (error.Code != MigrationErrorCode.ConnectionLost || !state.Crew!.IsSealed) _ = state.Fault.TrySet(error);
    }

    private async Task ReceiveAsync(ReceivingCrew crew)
    {
        state.Step = "populate";
        if (state.Options.Populate) await Task.Run(Populate, Stopping);
        await DressRehearsal.ForAsync(state.Host).WaitAsync(Stopping);
        crew.Start();
        await connection.Link.SendAsync(new ReadyMessage(), Stopping);
        state.SetUp = state.Clock.Nanoseconds;
        state.Status = MigrationStatus.Active;

        state.Step = Receiving;
        var (switchover, heard) = await SwitchoverAsync();
        state.Blackout.Mark(BlackoutMoment.SwitchoverHeard, heard);
        state.Status = MigrationStatus.Device;
        var placed = await _acknowledger.WhenFencedAsync(switchover.Fence, Stopping);
        state.Blackout.Mark(BlackoutMoment.Placed, placed);
        crew.Seal();
        RefuseSuspects();
        var loads = await new StateLoading(state, _sections).RunAsync(switchover);
        state.Step = "prepared";
        state.Deadline.Prepared();
        Stopping.ThrowIfCancellationRequested();
        var loaded = state.Clock.Nanoseconds;
        state.Blackout.Mark(BlackoutMoment.Loaded, loaded);
        await Ownership.PrepareAsync(new PreparedMessage(placed, loaded, loads));
    }

    private void Populate()
    {
        foreach (var block in state.Memory.Blocks)
            MemoryPopulator.Populate(block.Info.HostAddress, block.Info.Length, Environment.ProcessorCount, cancel: Stopping);
    }

    /// <summary>After the last fence nothing can clear a page any more. Whoever wrote it after its sum was taken has had it sent again.</summary>
    private void RefuseSuspects()
    {
        if (state.Suspects?.Count is not > 0) return;
        throw new MigrationException(new MigrationError(
            MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, "integrity",
            $"The last copy of {state.Suspects.Count} pages is not what the source sent: {state.Suspects.FirstOnes(most: 4)}. "
            + "The guest is not taken over. Look for faults of memory and network on both hosts before another try."));
    }

    private async Task TakeAsync()
    {
        state.Step = "await-commit";
        var commitHeard = await CommitAsync();
        state.Blackout.Mark(BlackoutMoment.CommitHeard, commitHeard);
        state.Step = "take";
        if (state.Deadline.IsTooLate(commitHeard)) await RefuseAsync();
        state.Fault.Overrule(); // The source has recorded that it gives the guest away: no fault of this side brings it back there.
        await Ownership.StepAsync(HandoverInput.Hear(HandoverWord.Commit));
        if (!Ownership.IsTaken && !await Ownership.StandAsync(state.Options.HandoverTimeout, CancellationToken.None))
        {
            state.UncertainError = PreparedOutcome.Uncertain(state);
            state.Status = MigrationStatus.Uncertain;
        }
        else if (Ownership.IsTaken) await new GuestTaking(state).RunAsync(commitHeard);
        else
        {
            state.Fault.TakeBack(_late ?? PreparedOutcome.Refused(state));
            state.Status = MigrationStatus.Failed;
        }
    }

    /// <summary>The source that says COMMIT too late can take the guest back: the attempt is fenced, and the reason comes before the word.</summary>
    private async Task RefuseAsync()
    {
        _late = PreparedOutcome.Late(state);
        await LastWords.SayAsync(connection.Link, _late, Goodbye);
        await Ownership.StepAsync(HandoverEvent.DeadlinePassed);
    }

    /// <summary>Waits for COMMIT, and compares memory meanwhile where the source asks for it. When COMMIT was heard.</summary>
    private async Task<long> CommitAsync()
    {
        var check = new MemoryCheck(state.Memory, state.WrittenByHost);
        while (true)
        {
            var (message, heard) = await NextAsync();
            switch (message)
            {
                case CommitMessage:
                    state.Verified = new VerifyReport(state.Hello!.VerifyAllPages ? VerifyMode.Full : VerifyMode.Digest, check.Pages, check.Mismatched);
                    return heard;
                case PageSumsMessage { Sums.Length: > 0 } sums:
                    state.Step = "verify";
                    check.Compare(sums, Stopping);
                    break;
                case PageSumsMessage:
                    state.Step = "await-commit";
                    await connection.Link.SendAsync(check.Outcome, Stopping);
                    break;
                default:
                    throw state.Violation($"A message {message.Type.Name()} came where COMMIT was due.");
            }
        }
    }

    private TimeSpan Goodbye => state.Fault.Error?.Code == MigrationErrorCode.Cancelled ? CancelsFarewell : Farewell;

    private async Task<(SwitchoverMessage Message, long Heard)> SwitchoverAsync()
    {
        var (message, heard) = await NextAsync();
        return message is SwitchoverMessage due ? (due, heard) : throw state.Violation($"A message {message.Type.Name()} came where SWITCHOVER was due.");
    }

    private ValueTask<(IControlMessage Message, long Heard)> NextAsync() => _inbox.NextAsync(Stopping);
}
