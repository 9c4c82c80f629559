using DataPlane.Control.Handover;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Core.Wire;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Linux.Host;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Rehearsing;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>One migration from the source's side, from connect to its result: set up, passes, switchover, and the way back.</summary>
internal sealed class SourceSession(SourceState state) : IDisposable
{
    // How long the reason for a lost connection is waited for, after the guest runs again.
    private static readonly TimeSpan PeersWords = TimeSpan.FromMilliseconds(250);

    // And for how long a peer that may read no more is told after a cancel, which has to be answered within 100 ms.
    private static readonly TimeSpan CancelsWords = TimeSpan.FromMilliseconds(40);

    // For a destination that is prepared to hear that the guest stays: a new connection where the old one is lost. The guest runs meanwhile.
    private static readonly TimeSpan KeptsWords = TimeSpan.FromSeconds(1);

    private const int ClockSamples = 8;

    // Fresh 4 KiB pages are populated at 1 GB/s or more: a destination that needs four times as long hangs.
    private const double PopulatedPerSecond = 256 << 20;

    private readonly CancellationTokenSource _over = new();
    private Task _listening = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public async Task<MigrationResult> RunAsync(IConnections connections, CancellationToken cancel)
    {
        state.Started = state.Clock.Nanoseconds;
        state.CpuAtStart = Environment.CpuUsage.TotalTime;
        if (state.Began == 0) state.Began = state.Started;
        state.Telemetry.Begin(() => SourceReading.Of(state));
        state.Telemetry.BeginTrace();
        state.Status = MigrationStatus.Setup;
        await using var registration = cancel.Register(Cancel);
        try
        {
            await SetUpAsync(connections);
            state.Status = MigrationStatus.Active;
            await new PrecopyLoop(state).RunAsync();
            await new Switchover(state).RunAsync();
            state.Status = MigrationStatus.Completed;
        }
        catch (Exception fault)
        {
            await BackAsync(fault);
        }
        await EndAsync();
        SwitchoverLessons.Learn(state);
        var result = new SourceReport(state).Build();
        state.Telemetry.End(result, state.UncertainError ?? state.Fault.Error, state.Started, state.SetUp, state.Finished);
        return result;
    }

    public void Dispose()
    {
        state.Telemetry.Dispose();
        _over.Dispose();
    }

    private void Cancel()
    {
        var error = new MigrationError(MigrationErrorCode.Cancelled, MigrationSide.Source, state.Step, "The migration was cancelled.");
        _ = state.Fault.TrySet(error); // The control loop alone sets the status: it may be through with the way back already.
    }

    private async Task SetUpAsync(IConnections connections)
    {
        state.Rehearsed = DressRehearsal.ForAsync(state.Host);
        if (!state.IsRetry) state.Bitmap.SetAll(); // First of all: a session that ends here has sent nothing.
        state.Step = "handshake";
        if (PageFeatures.WhyMissing(PageFeatures.Required(state.Options)) is { } missing)
            throw new MigrationException(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Source, state.Step, missing));
        if (TcpTuning.WhyNoCongestion(state.Options.Congestion) is { } unknown)
            throw new MigrationException(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Source, state.Step, unknown));
        state.Connections = connections;
        state.Ownership = new SourceOwnership(new HandoverKey(state.Image, state.Attempt, MigrationSide.Source), state.Options, state.Clock, state.Words);
        await state.Ownership.OpenJournalAsync(state.Host);
        var handshake = new SourceHandshake(
            state.Memory, [.. state.Sections.Select(section => section.Declared)], state.Options, state.Clock, state.Ownership, state.RetriesLeft > 0, state.Telemetry);
        state.Connection = await handshake.RunAsync(connections, state.Channels, state.Fault.Stopping);
        SendAgain(state.Connection.Accept);
        state.Crew = new ChannelCrew(state.Memory, state.Bitmap, state.Dirty, state.Connection.Data, ChannelFault, Sending(state.Connection.Accept.Features));
        state.Log = new PassLog(state.Crew);
        state.Samples = new ProgressSamples(state);
        state.Return = new ReturnPath(state.Link, state.Crew, state.Fault, state.Clock, state.Clocks, state.Bandwidth, () => state.Step)
        {
            Handover = state.Ownership.Line,
            Acknowledged = state.Samples.Look,
        };
        _listening = Task.Run(state.Return.RunAsync);
        var peer = new PeerWatch(state.Fault, state.Clock.Time, MigrationSide.Source, () => state.Step);
        _watching = Task.WhenAll(
            Task.Run(() => new SourceWatch(state).RunAsync(_over.Token)),
            Task.Run(() => peer.RunAsync(state.Link.Socket, state.Connection.Data, _over.Token)));
        await ReadyAsync(state.Return);

        state.Step = "dirty-start";
        if (!state.Tracking) state.Dirty.Start(); // Goes on from the attempt before.
        state.Tracking = true;
        state.Crew.Start();
        state.SetUp = state.Clock.Nanoseconds;
    }

    /// <summary>
    /// What the destination does not hold is dirty: the pages that it wrote itself, or all, where it has nothing, or is another than the one that took the last pages.
    /// </summary>
    private void SendAgain(AcceptMessage accept)
    {
        if (accept.KeptAttempt < state.LastReady) state.Bitmap.SetAll();
        else PageRanges.Mark(accept.Written, state.Bitmap);
    }

    private SendingOptions Sending(ulong agreed) => new()
    {
        Encodings = PageFeatures.Encodings(agreed),
        Chooses = state.Options.Compression == PageCompression.Auto,
        CompressThreads = state.Options.CompressThreads,
        Cap = state.Options.MaxBytesPerSecond is { } most ? new BandwidthCap(most) : null,
        PageSums = PageFeatures.Integrity(agreed) == IntegrityMode.Pages,
        Threads = new ChannelThreads(state.Options.ThreadPrefix, state.Options.ChannelCores),
    };

    /// <summary>Setting up ends when the destination has populated its memory, where it does, and has answered some pings.</summary>
    private async Task ReadyAsync(ReturnPath path)
    {
        var allowed = state.Options.HandshakeTimeout;
        if (state.Connection!.Accept.MemoryState == (byte)DestinationMemory.Populated)
            allowed += TimeSpan.FromSeconds(state.Memory.ByteCount / PopulatedPerSecond);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(state.Fault.Stopping);
        using var timer = state.Clock.Time.CreateTimer(_ => limit.Cancel(), null, allowed, Timeout.InfiniteTimeSpan);
        try
        {
            await path.Ready.WaitAsync(limit.Token);
            await path.SampleClocksAsync(ClockSamples, limit.Token);
        }
        catch (OperationCanceledException) when (!state.Fault.Stopping.IsCancellationRequested)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Source, state.Step,
                $"The destination has accepted the migration, but did not become ready for it within {allowed.TotalSeconds:0.###} s."));
        }
    }

    private void ChannelFault(Exception fault) => _ = state.Fault.TrySet(Faults.From(fault, MigrationSide.Source, state.Step));

    /// <summary>The way back. The guest first, everything else after it.</summary>
    private async Task BackAsync(Exception fault)
    {
        state.Blackout.Mark(BlackoutMoment.GivenUp, state.Clock.Nanoseconds);
        if (state.Fault.Given)
        {
            var error = Faults.From(fault, MigrationSide.Source, state.Step);
            if (state.Ownership!.Phase != SourcePhase.Kept)
            {
                state.UncertainError = error;
                state.Status = state.Ownership.Died ? MigrationStatus.Failed : MigrationStatus.Uncertain;
                return;
            }
            state.Fault.TakeBack(error);
        }
        _ = state.Fault.TrySet(Faults.From(fault, MigrationSide.Source, state.Step));
        if (state.Fault.Error!.Code == MigrationErrorCode.Cancelled) state.Status = MigrationStatus.Cancelling;
        if (state.Ownership is not null) await state.Ownership.KeepAsync();
        state.Gate.Leave();
        _ = state.Crew?.Give(OrderKind.Quit); // Its threads want the cores that the guest is to have. All else of them comes later.
        await GuestReturn.RunAsync(state);
        await HearTheReasonAsync();
        if (await TellPeerAsync()) await HearCheckpointsAsync();
        await TellKeptAsync();
        await PutBackAsync();
        state.Status = state.Fault.Error!.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed;
    }

    /// <summary>What the destination knows of the blackout, for the account alone: the guest runs already, and it is not waited for long.</summary>
    private async Task HearCheckpointsAsync()
    {
        if (state.Return is null || state.Blackout.Began is null || (state.Connection!.Accept.Features & PageFeatures.Checkpoints) == 0) return;
        // A destination that has said FAILED has said this before.
        var (told, failed) = (state.Return.Checkpoints, state.Return.PeerFailure);
        if (!told.IsCompleted && !failed.IsCompleted) _ = await Task.WhenAny(told, failed, Task.Delay(Patience, state.Clock.Time));
        if (told.IsCompleted && await told is { } checkpoints) PeersCheckpoints.Take(state.Blackout, checkpoints);
    }

    private TimeSpan Patience => state.Fault.Error!.Code == MigrationErrorCode.Cancelled ? CancelsWords : PeersWords;

    private async Task HearTheReasonAsync()
    {
        if (state.Return is null || state.Fault.Error!.Code != MigrationErrorCode.ConnectionLost) return;
        if (await Task.WhenAny(state.Return.PeerFailure, Task.Delay(PeersWords, state.Clock.Time)) == state.Return.PeerFailure)
            state.Fault.Explain(await state.Return.PeerFailure);
    }

    /// <summary>False when the peer can not be told, and so will say nothing either.</summary>
    private async Task<bool> TellPeerAsync()
    {
        if (state.Connection is null) return false;
        if (state.Return?.PeerFailure.IsCompleted == true) return true;
        using var limit = new CancellationTokenSource(Patience, state.Clock.Time);
        try
        {
            await state.Link.SendAsync(FailedMessage.Of(state.Fault.Error!), limit.Token);
            return true;
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or ObjectDisposedException)
        {
            return false; // The peer finds out by the closed connection.
        }
    }

    /// <summary>The record that ends the attempt; and a destination that may be prepared would wait for the guest for ever.</summary>
    private async Task TellKeptAsync()
    {
        if (state.Ownership is not { } ownership) return;
        await ownership.ResumedAsync();
        if (!ownership.DestinationMayBePrepared) return;
        var patience = state.Fault.Error!.Code == MigrationErrorCode.Cancelled ? CancelsWords : KeptsWords;
        await using var asking = new SourceAsking(ownership, state.Connections!, state.Clock, state.Words);
        await asking.TellKeptAsync(new Patience(state.Clock, patience));
    }

    /// <summary>Every page that is not known to be on the destination is dirty again; nothing sends or tracks any more.</summary>
    private async Task PutBackAsync()
    {
        if (state.Crew is not null)
        {
            state.Crew.Abort();
            state.Crew.Join();
            state.Crew.PutBack(state.Bitmap);
            // Something arrived that was not sent: then what was acknowledged says nothing.
            if (state.Fault.Error!.Code is MigrationErrorCode.VerifyMismatch or MigrationErrorCode.ProtocolViolation) state.Bitmap.SetAll();
        }
        if (state.Tracking && state.Paused) await GuestReturn.TryAsync(state, "dirty-restore", Restore);

        ValueTask Restore()
        {
            state.Dirty.Restore(state.Bitmap);
            return ValueTask.CompletedTask;
        }
    }

    private async Task EndAsync()
    {
        if (!state.MayRetry) state.Warn(DirtyTracking.Stop(state));
        await _over.CancelAsync();
        await _watching;
        if (state.Crew is not null)
        {
            state.Retransmits = [.. state.Crew.Channels.Select(channel => channel.Retransmits)];
            state.Crew.Dispose();
        }
        else if (state.Connection is not null)
        {
            foreach (var socket in state.Connection.Data) socket.Dispose();
        }
        if (state.Connection is not null)
        {
            state.Link.Abort();
            await _listening;
            await state.Link.DisposeAsync();
        }
        if (state.Status != MigrationStatus.Uncertain) state.Ownership?.Dispose(); // Else it is told, or asked again, who has the guest.
        state.Finished = state.Clock.Nanoseconds;
    }
}
