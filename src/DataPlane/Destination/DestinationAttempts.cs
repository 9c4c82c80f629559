using DataPlane.Core.Errors;
using DataPlane.Handover;
using DataPlane.Linux.Sockets;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;

namespace DataPlane.Destination;

/// <summary>
/// One migration as one or more attempts. After one that failed, the memory is kept for a source that said that it may come again; a new attempt
/// is let in only when every thread of the one before has ended.
/// </summary>
internal sealed class DestinationAttempts(DestinationState first, Action<DestinationState> began)
{
    public async Task<MigrationResult> RunAsync(IConnections connections, CancellationToken cancel)
    {
        var result = await AttemptAsync(first, connections, cancel);
        for (var state = first; connections.MoreMayCome && state.IsComingBack && !cancel.IsCancellationRequested;)
        {
            state.Log($"attempt {state.Hello!.Attempt} failed: {state.Fault.Error!.Message} Its memory is kept for {state.Options.Retain.TotalSeconds:0.###} s.");
            state = state.Next();
            began(state);
            var next = await AttemptAsync(state, connections, cancel);
            if (state.Hello is null) break; // Nobody came back: what counts is how the one before ended.
            result = next;
        }
        return result;
    }

    private static async Task<MigrationResult> AttemptAsync(DestinationState state, IConnections connections, CancellationToken cancel)
    {
        using var telemetry = state.Telemetry;
        telemetry.Begin(() => DestinationReading.Of(state));
        state.Status = MigrationStatus.Setup;
        if (TcpTuning.WhyNoCongestion(state.Options.Congestion) is { } missing)
            _ = state.Fault.TrySet(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Destination, state.Step, missing));
        await OpenJournalAsync(state);
        await using var registration = cancel.Register(() => Cancel(state));
        await using var patience = Patience(state) is { } time ? state.Clock.Time.CreateTimer(_ => GiveUp(state), null, time, Timeout.InfiniteTimeSpan) : null;
        using var closing = new CancellationTokenSource();
        var reception = new Reception(state, connections);
        var accepting = Task.Run(() => reception.RunAsync(closing.Token), CancellationToken.None);
        await ReceiveAsync(state, reception);
        await FarewellAsync(state, connections);
        await state.Announcing;
        await closing.CancelAsync();
        await accepting;
        state.Finished = state.Clock.Nanoseconds;
        var result = DestinationReport.Build(state);
        telemetry.End(result, state.UncertainError ?? state.Fault.Error, state.Started, state.SetUp, state.Finished);
        return result;
    }

    private static TimeSpan? Patience(DestinationState state) => state.Kept is null ? state.Options.AcceptTimeout : state.Options.Retain;

    private static async Task OpenJournalAsync(DestinationState state)
    {
        try
        {
            state.Journal ??= await Task.Run(() => SessionJournal.Open(state.Host, state.Options.Journal, state.Options.JournalSync, MigrationSide.Destination));
        }
        catch (MigrationException unusable)
        {
            _ = state.Fault.TrySet(unusable.Error);
        }
    }

    /// <summary>A source that has not heard how it ended is answered as long as it asks by itself, and can.</summary>
    private static async Task FarewellAsync(DestinationState state, IConnections connections)
    {
        // Without a session there is none, and a handshake under way is the reception's to end.
        if (state.Started == 0 || state.Ownership is not { } ownership || state.Status == MigrationStatus.Uncertain) return;
        await ownership.DropAsync(); // Where a session could not even be made; else it has been done, or is not to be.
        if (connections.MoreMayCome) await ownership.FarewellAsync();
        ownership.Close();
    }

    private static async Task ReceiveAsync(DestinationState state, Reception reception)
    {
        try
        {
            await using var connection = await reception.WhenCompleteAsync(state.Fault.Stopping);
            state.Started = state.Clock.Nanoseconds;
            state.Telemetry.BeginTrace(state.Hello!.Trace);
            state.CpuAtStart = Environment.CpuUsage.TotalTime;
            await new DestinationSession(state, connection, reception.FirstMessage!).RunAsync();
        }
        catch (Exception fault) // Also what the session could not be made for: a peer's wishes must not come out as an exception.
        {
            _ = state.Fault.TrySet(Faults.From(fault, MigrationSide.Destination, state.Step));
            if (state.Fault.Error is not { } error) // The guest was taken over, and the session has said what came of it: only tidying up failed.
                state.Log($"after the handover: {fault.Message}");
            else if (!StatusMachine.IsFinal(state.Status))
                state.Status = error.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed;
        }
    }

    private static void Cancel(DestinationState state) => _ = state.Fault.TrySet(new MigrationError(
        MigrationErrorCode.Cancelled, MigrationSide.Destination, state.Step, "The destination was cancelled."));

    /// <summary>Once a source is in, its own timeouts hold.</summary>
    private static void GiveUp(DestinationState state)
    {
        if (state.Started == 0)
            _ = state.Fault.TrySet(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Destination, state.Step,
                $"{(state.Kept is null ? "No source has come" : "The source did not come back")} within {Patience(state)!.Value.TotalSeconds:0.###} s."));
    }
}
