using System.Net.Sockets;
using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Source;

/// <summary>
/// Hears from the destination what became of a guest that was given away: over the session's connection, and when that is lost or silent over
/// new ones, about one a second, which say HANDOVER and nothing else.
/// </summary>
internal sealed class SourceAsking(SourceOwnership ownership, IConnections connections, SessionClock clock, SessionLog log) : IAsyncDisposable
{
    /// <summary>So long a destination may take to resume the guest before another connection asks beside the first; and no more than a quarter of the patience.</summary>
    private static readonly TimeSpan MostQuiet = TimeSpan.FromSeconds(3);

    /// <summary>A connection that is not made in this time is tried anew: two lost packets, as the kernel repeats them after 1 and 3 s.</summary>
    private static readonly TimeSpan MostToConnect = TimeSpan.FromSeconds(4);

    /// <summary>For the answer to the last word, when nothing depends on it but how long the destination waits.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private Task _asking = Task.CompletedTask;

    /// <summary>
    /// Returns when it is known whose the guest is, or <paramref name="patience"/> is over, or <paramref name="cancel"/> asks for an end.
    /// <paramref name="running"/>: RUNNING on the session's connection, faulted when that is lost; null where there is none any more.
    /// </summary>
    public async Task SettleAsync(Task<RunningMessage>? running, Patience patience, CancellationToken cancel)
    {
        while (ownership.Phase == SourcePhase.Given)
        {
            if (running is { IsCompletedSuccessfully: true })
                await ownership.StepAsync(HandoverInput.Hear(HandoverWord.Running));
            else if (ownership.Line.TryRead(out var word))
                await ownership.StepAsync(HandoverInput.Hear(word));
            else if (cancel.IsCancellationRequested) return;
            else if (patience.IsOver)
            {
                await ownership.StepAsync(HandoverEvent.Timeout);
                return;
            }
            else await AskAsync(running, patience, cancel);
        }
    }

    /// <summary>
    /// The guest is the source's, and a destination that may be prepared has to hear it: says so until it answers, or <paramref name="patience"/>
    /// is over. An answer of any kind is one.
    /// </summary>
    public async Task TellKeptAsync(Patience patience)
    {
        while (!patience.IsOver)
        {
            if (ownership.Line.TryRead(out var word) && word is not (HandoverWord.Prepared or HandoverWord.Ask)) return;
            var lost = ownership.Line.Link is null;
            if (lost && !connections.CanCallAgain) return;
            if (lost || patience.Waited > patience.Limit / 4) Call(HandoverWord.Kept, patience);
            _ = await WhenAsync(patience.Left, CancellationToken.None, ownership.Line.WhenHeard);
        }
    }

    /// <summary>
    /// The guest is the destination's, which goes on answering until it hears that nobody asks any more, and was told so: returns when it has answered
    /// that, or after a second, since it gives up by itself. A connection that ends without the answer may have lost the word on its way: it is
    /// said again over a new one.
    /// </summary>
    public async Task TellReleasedAsync()
    {
        var (line, patience) = (ownership.Line, new Patience(clock, LastWord));
        while (!ownership.IsOver && !patience.IsOver)
        {
            if (line.TryRead(out var word))
            {
                await ownership.StepAsync(HandoverInput.Hear(word));
                continue;
            }
            var lost = line.WhenLost;
            if (lost.IsCompleted && !connections.CanCallAgain) return;
            if (lost.IsCompleted || patience.Waited > patience.Limit / 2) Call(HandoverWord.Released, patience);
            _ = await WhenAsync(patience.Left, CancellationToken.None, lost.IsCompleted ? [line.WhenHeard] : [line.WhenHeard, lost]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _asking;
        _over.Dispose();
    }

    private async Task AskAsync(Task<RunningMessage>? running, Patience patience, CancellationToken cancel)
    {
        var lost = running is null or { IsFaulted: true } || ownership.Line.Link is null;
        if (lost || patience.Waited > Shorter(MostQuiet, patience.Limit / 4)) Call(HandoverWord.Ask, patience);
        var session = running is null or { IsCompleted: true } ? Task.Delay(Timeout.Infinite, cancel) : running;
        if (await WhenAsync(patience.Left, cancel, ownership.Line.WhenHeard, session)) return;
        if (ownership.Line.Link is not null) await ownership.StepAsync(HandoverEvent.AskDue);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Whether one of <paramref name="tasks"/> has completed before <paramref name="time"/> was over.</summary>
    private async Task<bool> WhenAsync(TimeSpan time, CancellationToken cancel, params Task[] tasks)
    {
        if (time <= TimeSpan.Zero) return false;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = Task.Delay(time, clock.Time, enough.Token);
        var first = await Task.WhenAny([.. tasks, timer]);
        await enough.CancelAsync();
        return first != timer;
    }

    private void Call(HandoverWord first, Patience patience)
    {
        if (_asking.IsCompleted && connections.CanCallAgain) _asking = Task.Run(() => CallAsync(first, Shorter(MostToConnect, patience.Limit), patience.Left));
    }

    /// <summary>One connection, from its making to its end. Never throws.</summary>
    private async Task CallAsync(HandoverWord first, TimeSpan time, TimeSpan pause)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        limit.CancelAfter(time);
        try
        {
            await using var link = new ControlLink(await connections.CallAgainAsync(limit.Token), MigrationSide.Source, clock.Time);
            await link.SendRawAsync(HandoverLine.Opening(), limit.Token);
            await link.SendAsync(ownership.Line.Message(first, ownership.Line.PeerJournal, ""), limit.Token);
            ownership.Line.Use(link);
            await using var end = _over.Token.Register(link.Abort);
            await ownership.Line.ListenAsync(link);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            log.Write($"the destination can not be asked: {lost.Message}");
        }
        // The next call comes a round after this one at the earliest, and not at once where the destination refuses it.
        if (!_over.IsCancellationRequested) _ = await WhenAsync(pause, _over.Token);
    }
}
