using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>One migration from the source's side, from connect to its result: set up, passes, switchover, and the way back.</summary>
internal sealed class SourceSession(SourceState state) : IDisposable
{
    // How long the reason for a lost connection is waited for, after the guest runs again.
    private static readonly TimeSpan PeersWords = TimeSpan.FromMilliseconds(250);

    private const int ClockSamples = 8;

    private readonly CancellationTokenSource _over = new();
    private Task _listening = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public async Task<MigrationResult> RunAsync(MigrationAddress to, CancellationToken cancel)
    {
        state.Started = state.Clock.Nanoseconds;
        state.CpuAtStart = Environment.CpuUsage.TotalTime;
        state.Status = MigrationStatus.Setup;
        await using var registration = cancel.Register(Cancel);
        try
        {
            await SetUpAsync(to);
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
        return new SourceReport(state).Build();
    }

    public void Dispose() => _over.Dispose();

    private void Cancel()
    {
        var error = new MigrationError(MigrationErrorCode.Cancelled, MigrationSide.Source, state.Step, "The migration was cancelled.");
        _ = state.Fault.TrySet(error); // The control loop alone sets the status: it may be through with the way back already.
    }

    private async Task SetUpAsync(MigrationAddress to)
    {
        var channels = state.Options.Channels ?? DefaultChannels.Count;
        state.Bitmap.SetAll(); // First of all: a session that ends here has sent nothing.
        state.Step = "handshake";
        if (PageFeatures.WhyMissing(PageFeatures.Required(state.Options.Compression)) is { } missing)
            throw new MigrationException(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Source, state.Step, missing));
        var handshake = new SourceHandshake(state.Memory, state.Host.Sections, state.Options, state.Clock);
        state.Connection = await handshake.RunAsync(to, channels, state.Fault.Stopping);
        state.Crew = new ChannelCrew(state.Memory, state.Bitmap, state.Dirty, state.Connection.Data, ChannelFault,
            PageFeatures.Encodings(PageFeatures.InForce(state.Options.Compression, state.Connection.Accept.Features)),
            state.Options.Compression == PageCompression.Auto, state.Options.CompressThreads);
        state.Log = new PassLog(state.Crew);
        state.Return = new ReturnPath(state.Link, state.Crew, state.Fault, state.Clock, state.Clocks, state.Bandwidth);
        _listening = Task.Run(state.Return.RunAsync);
        _watching = Task.Run(() => new SourceWatch(state).RunAsync(_over.Token));
        await state.Return.Ready.WaitAsync(state.Fault.Stopping);
        await state.Return.SampleClocksAsync(ClockSamples, state.Fault.Stopping);

        state.Step = "dirty-start";
        state.Tracking = true;
        state.Dirty.Start();
        state.Crew.Start();
        state.SetUp = state.Clock.Nanoseconds;
    }

    private void ChannelFault(Exception fault) => _ = state.Fault.TrySet(Faults.From(fault, MigrationSide.Source, state.Step));

    /// <summary>The way back. The guest first, everything else after it.</summary>
    private async Task BackAsync(Exception fault)
    {
        if (state.Fault.Given)
        {
            var lost = Faults.From(fault, MigrationSide.Source, state.Step);
            state.UncertainError = lost with
            {
                Code = MigrationErrorCode.OwnershipUncertain,
                Message = $"The guest was given away, and the destination's word that it runs did not come: {lost.Message} "
                    + "The guest stays paused here. Find out whether it runs on the destination; resume it here only if it does not.",
            };
            state.Status = MigrationStatus.Uncertain;
            return;
        }
        _ = state.Fault.TrySet(Faults.From(fault, MigrationSide.Source, state.Step));
        if (state.Fault.Error!.Code == MigrationErrorCode.Cancelled) state.Status = MigrationStatus.Cancelling;
        if (state.Released) await TryAsync("acquire", () => state.Host.AcquireAsync(CancellationToken.None));
        if (state.Paused) await TryAsync("resume", () => state.Host.ResumeAsync(CancellationToken.None));
        await HearTheReasonAsync();
        await TellPeerAsync();
        await PutBackAsync();
        state.Status = state.Fault.Error!.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed;
    }

    private async Task TryAsync(string step, Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (Exception fault)
        {
            var words = $"{step} on the source failed too: {fault.Message}";
            state.RollbackFault = state.RollbackFault is null ? words : $"{state.RollbackFault} {words}";
            state.Options.Log?.Invoke(words);
        }
    }

    private static ValueTask Call(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }

    private async Task HearTheReasonAsync()
    {
        if (state.Return is null || state.Fault.Error!.Code != MigrationErrorCode.ConnectionLost) return;
        if (await Task.WhenAny(state.Return.PeerFailure, Task.Delay(PeersWords, state.Clock.Time)) == state.Return.PeerFailure)
            state.Fault.Explain(await state.Return.PeerFailure);
    }

    private async Task TellPeerAsync()
    {
        if (state.Connection is null || state.Return?.PeerFailure.IsCompleted == true) return;
        using var limit = new CancellationTokenSource(PeersWords, state.Clock.Time);
        try
        {
            await state.Link.SendAsync(FailedMessage.Of(state.Fault.Error!), limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer finds out by the closed connection.
        }
    }

    /// <summary>Every page that is not known to be on the destination is dirty again; nothing sends or tracks any more.</summary>
    private async Task PutBackAsync()
    {
        if (state.Crew is not null)
        {
            state.Crew.Abort();
            state.Crew.Join();
            state.Crew.PutBack(state.Bitmap);
        }
        if (state.Tracking && state.Paused) await TryAsync("dirty-restore", () => Call(() => state.Dirty.Restore(state.Bitmap)));
    }

    private async Task EndAsync()
    {
        if (state.Tracking) await TryAsync("dirty-stop", () => Call(state.Dirty.Stop));
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
        state.Finished = state.Clock.Nanoseconds;
    }
}
