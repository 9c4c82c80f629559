using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// Keeps an eye on the peer: pings (signs of life, and samples of its clock), and a timeout when nothing is heard, or nothing that a
/// channel sent is acknowledged, or a fence not answered, for longer than the idle timeout.
/// </summary>
internal sealed class SourceWatch
{
    private readonly SourceState _state;
    private readonly TimeSpan _round;
    private readonly Stillness _silence;
    private readonly Stillness _fence;
    private readonly Stillness[] _channels;
    private long _last;

    public SourceWatch(SourceState state)
    {
        _state = state;
        _round = Stillness.RoundFor(state.Options.IdleTimeout);
        _silence = new Stillness(_round);
        _fence = new Stillness(_round);
        _channels = [.. state.Crew!.Channels.Select(_ => new Stillness(_round))];
        _last = state.Clock.Nanoseconds;
    }

    /// <summary>Watches until <paramref name="stop"/>. Never throws: a broken link is found by the return path.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_round, _state.Clock.Time);
        var ping = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Check();
                _state.Samples!.Look(); // Where nothing is acknowledged, that is what a sample shows.
                // Not awaited: to a peer that reads no more a ping waits for ever, and the check is what ends that.
                if (ping.IsCompleted) ping = PingAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
        await ping;
    }

    private async Task PingAsync(CancellationToken stop)
    {
        try
        {
            await _state.Link.SendAsync(new PingMessage(_state.Clock.Nanoseconds), stop);
        }
        catch (Exception lost) when (lost is OperationCanceledException or MigrationException)
        {
            // The session is over, or the return path finds the broken link.
        }
    }

    private void Check()
    {
        var limit = _state.Options.IdleTimeout;
        var now = _state.Clock.Nanoseconds;
        var since = TimeSpan.FromMicroseconds((now - _last) / 1e3);
        _last = now;
        if (_silence.Look(_state.Link.LastHeard, waiting: true, since) > limit)
            Fail($"Nothing has been heard from the destination for {limit.TotalSeconds:0.###} s.");
        var underWay = false;
        var held = _state.Crew!.Cap is { IsHolding: true };
        foreach (var channel in _state.Crew.Channels)
        {
            var ring = channel.Unacknowledged;
            var waiting = ring.Added > ring.Acknowledged;
            underWay |= waiting;
            // What our own cap holds back cannot be acknowledged: a frame may take longer at it than the idle timeout.
            if (_channels[channel.Number].Look((long)ring.Acknowledged, waiting && !held, since) > limit)
                Fail($"The destination has acknowledged nothing of what channel {channel.Number} sent for {limit.TotalSeconds:0.###} s.");
        }
        var fence = _state.Return!.FenceDue;
        if (_fence.Look(fence, fence > 0 && !underWay, since) > limit)
            Fail($"The destination holds all that was sent, but has not answered fence {fence} for {limit.TotalSeconds:0.###} s.");
    }

    private void Fail(string message) =>
        _ = _state.Fault.TrySet(new MigrationError(MigrationErrorCode.Timeout, MigrationSide.Source, _state.Step, message));
}
